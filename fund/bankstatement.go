package fund

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// BankStatement is what a bank says of an account, from day to day. It moves nothing: its lines are matched with the entries of the book.
type BankStatement struct {
	Bank      string        `json:"bank" maxLength:"85" doc:"Bank account that it is of; cash:CODE for a money box that was counted." example:"ICBC-5101"`
	From      ledger.Date   `json:"from" doc:"First day of the statement: the one after the last day of the statement before." example:"2023-12-01"`
	To        ledger.Date   `json:"to" doc:"Last day of the statement." example:"2023-12-31"`
	Opening   ledger.Signed `json:"opening" doc:"Balance before the first line, in the book's currency. It is the closing of the statement before." example:"30000.00"`
	Closing   ledger.Signed `json:"closing" doc:"Balance after the last line: the opening and all lines together." example:"22472.50"`
	Reference string        `json:"reference,omitempty" maxLength:"120" doc:"Number of the statement." example:"2023-12"`
	Lines     []BankLine    `json:"lines" maxItems:"2000" doc:"Its lines in the bank's order; none where nothing happened."`
}

// BankLine is money that came to a bank account or left it, as the bank says.
type BankLine struct {
	On           ledger.Date   `json:"on" doc:"Day on which the bank booked it." example:"2023-12-20"`
	Amount       ledger.Signed `json:"amount" doc:"What came, or with a minus what left." example:"-7527.50"`
	Reference    string        `json:"reference,omitempty" maxLength:"120" doc:"Reference that the payment carried." example:"PY-WINTER-23-2023-00001"`
	Counterparty string        `json:"counterparty,omitempty" maxLength:"120" doc:"Who paid or was paid: an organisation, or the pseudonym of a person, never a person's name. What is in the book stays there." example:"成都棉纺厂"`
	Text         string        `json:"text,omitempty" maxLength:"200" doc:"What else the bank says." example:"货款"`
	ID           string        `json:"id,omitempty" maxLength:"80" doc:"The bank's own number of the line. With it a line that an earlier statement has is left out instead of counted twice." example:"20231220-000017"`
}

var (
	bankStatements = ledger.Documents("bank_statements",
		"account text", "starts_on date", "ends_on date", "opening numeric", "closing numeric", "reference text", "first boolean")
	bankLines = ledger.Documents("bank_lines",
		"account text", "on date", "amount numeric", "reference text", "counterparty text", "text text", "id text")
)

// mostBankLines keeps a statement within what one request may hold.
const mostBankLines = 2000

func init() {
	ledger.MustHold("bank statements add up", `
		SELECT format('bank statement %s opens with %s, its lines are %s, it closes with %s', s.number, trim_scale(s.opening), trim_scale(l.amount), trim_scale(s.closing))
		FROM bank_statements s, LATERAL (SELECT coalesce(sum(amount), 0) AS amount FROM bank_lines WHERE book_id = ?0 AND number = s.number) AS l
		WHERE s.book_id = ?0 AND s.opening + l.amount <> s.closing`)
	ledger.MustHold("bank statements follow each other", `
		SELECT format('bank statement %s of %s opens on %s with %s, the one before closes on %s with %s', number, account, starts_on, trim_scale(opening),
			coalesce(before_on::text, 'no day'), coalesce(trim_scale(before)::text, 'nothing'))
		FROM (SELECT *, lag(ends_on) OVER w AS before_on, lag(closing) OVER w AS before FROM bank_statements s
			WHERE book_id = ?0 AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?0 AND u.reverses = s.number)
			WINDOW w AS (PARTITION BY account ORDER BY number)) AS s
		WHERE first <> (before_on IS NULL) OR opening <> before OR starts_on > before_on + 1 OR ends_on < before_on`)
	ledger.MustHold("a line of a bank came once", `
		SELECT format('line %s of %s is %s', id, account, string_agg(name, ', ' ORDER BY name))
		FROM stated_lines WHERE book_id = ?0 AND id <> '' GROUP BY account, id HAVING count(*) > 1`)
}

// standing is how far the statements of an account reach. Documents never change; that no other statement came or was taken back since is
// asked under the head's proof.
type standing struct {
	Number   int64
	Document string
	EndsOn   ledger.Date
	Closing  decimal.Decimal
}

func (s standing) none() bool { return s.Number == 0 }

// State proposes a bank statement. It must go on where the one before ended; lines that the book has by the bank's own number are left out.
func (o *Officer) State(ctx context.Context, by ledger.By, s BankStatement) (*ledger.Proposal, error) {
	head := o.header("bank-statement", by, 0, s)
	f := o.form(ctx)
	f.bank("/bank", s.Bank)
	s.Reference = f.text("/reference", "reference", s.Reference, maxReference, false)
	f.statedDays(s, o.Book.Today())
	s.Lines = slices.Clone(s.Lines) // the request under the key has them as they were sent
	f.statedLines(s)
	if err := f.end(); err != nil {
		return nil, err
	}
	account := moneyAccount(s.Bank)
	before, known, err := o.stated(ctx, account, s)
	if err != nil {
		return nil, err
	}
	f.goesOn(s, before, known)
	if err := f.end(); err != nil {
		return nil, err
	}
	p := stating{account: account, book: o.Book.Info, before: before, s: s.without(known, before), series: series("BS", account.Name(), head.On)}
	return &ledger.Proposal{Header: head, Needs: p.needs(), Compose: p.compose}, nil
}

// statedDays wants a first and a last day that have been.
func (f *form) statedDays(s BankStatement, today ledger.Date) {
	switch {
	case s.From.IsZero() || s.To.IsZero() || s.From < dayNought:
		f.refuse("/from", "a bank statement has no first or no last day, both wanted")
	case s.To < s.From:
		f.refuse("/to", "a bank statement ends on %s, before its first day %s", s.To, s.From)
	case s.To > today:
		f.refuse("/to", "a bank statement ends on %s, which is still to come", s.To)
	}
}

// statedLines brings the texts of the lines into their one spelling and wants lines within the days, each once, that lead from the opening to the closing.
func (f *form) statedLines(s BankStatement) {
	sum, ids := s.Opening.Decimal, map[string]bool{}
	fine := f.signed("/opening", s.Opening) && f.signed("/closing", s.Closing)
	if len(s.Lines) > mostBankLines {
		f.refuse("/lines", "a bank statement of %d lines, at most %d wanted", len(s.Lines), mostBankLines)
	}
	for i := range s.Lines {
		l, at := &s.Lines[i], fmt.Sprintf("/lines/%d", i)
		l.Reference = f.text(at+"/reference", "reference", l.Reference, maxReference, false)
		l.Counterparty = f.text(at+"/counterparty", "counterparty", l.Counterparty, maxReference, false)
		l.Text = f.text(at+"/text", "text", l.Text, 200, false)
		l.ID = f.text(at+"/id", "id", l.ID, 80, false)
		if fine = f.signed(at+"/amount", l.Amount) && fine; fine {
			sum = sum.Add(l.Amount.Decimal)
		}
		switch {
		case l.Amount.IsZero():
			f.refuse(at+"/amount", "a bank line of 0, an amount wanted")
		case l.On < s.From || l.On > s.To:
			f.refuse(at+"/on", "a bank line of %s, the statement is from %s to %s", l.On, s.From, s.To)
		case l.ID != "" && ids[l.ID]:
			f.refuse(at+"/id", "the bank's line %.90s is there twice", l.ID)
		}
		ids[l.ID] = true
	}
	if fine && !sum.Equal(s.Closing.Decimal) {
		f.refuse("/closing", "the opening and the lines make %s, the statement closes with %s: they differ by %s",
			f.written(sum), f.written(s.Closing.Decimal), f.written(s.Closing.Sub(sum)))
	}
}

func (f *form) written(amount decimal.Decimal) string { return amount.StringFixed(f.o.Book.Decimals) }

// stated is what the statements of an account say at one moment: how far they reach, and which lines of this one they have.
func (o *Officer) stated(ctx context.Context, account ledger.Account, s BankStatement) (before standing, known map[string]decimal.Decimal, err error) {
	err = o.Book.DB().RunInTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, func(ctx context.Context, tx bun.Tx) error {
		if before, err = o.standing(ctx, tx, account); err != nil {
			return err
		}
		known, err = o.knownLines(ctx, tx, account, s)
		return err
	})
	return before, known, err
}

func (o *Officer) standing(ctx context.Context, tx bun.Tx, account ledger.Account) (s standing, err error) {
	var rows []standing
	err = tx.NewRaw(`SELECT s.number, e.document, s.ends_on, s.closing FROM bank_statements s JOIN entries e USING (book_id, number)
		WHERE s.book_id = ? AND s.account = ? AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = s.book_id AND u.reverses = s.number)
		ORDER BY s.number DESC LIMIT 1`, o.Book.ID, account).Scan(ctx, &rows)
	if err != nil {
		return s, fmt.Errorf("statements of %s: %w", account, err)
	}
	return append(rows, s)[0], nil
}

// knownLines are the bank's own numbers of lines that the book has already, with their amounts.
func (o *Officer) knownLines(ctx context.Context, tx bun.Tx, account ledger.Account, s BankStatement) (map[string]decimal.Decimal, error) {
	var ids []string
	for _, l := range s.Lines {
		if l.ID != "" {
			ids = append(ids, l.ID)
		}
	}
	var rows []struct {
		ID     string
		Amount decimal.Decimal
	}
	err := tx.NewRaw("SELECT id, amount FROM stated_lines WHERE book_id = ? AND account = ? AND id = ANY (?)", o.Book.ID, account, pq.Array(ids)).Scan(ctx, &rows)
	known := map[string]decimal.Decimal{}
	for _, r := range rows {
		known[r.ID] = r.Amount
	}
	return known, err
}

// goesOn wants a statement that begins where the one before ended, or that overlaps it in lines which the bank's own numbers tell apart.
func (f *form) goesOn(s BankStatement, before standing, known map[string]decimal.Decimal) {
	fresh, sum := 0, before.Closing
	for i, l := range s.Lines {
		amount, there := known[l.ID]
		switch {
		case there && !amount.Equal(l.Amount.Decimal):
			f.refuse(fmt.Sprintf("/lines/%d/amount", i), "the bank's line %s is in the book with %s, %s given", l.ID, f.written(amount), f.written(l.Amount.Decimal))
		case there:
			continue
		case !before.none() && l.On <= before.EndsOn && l.ID == "":
			f.refuse(fmt.Sprintf("/lines/%d/on", i), "a bank line of %s has no number of the bank, and statement %s has that day: the next statement begins on %s",
				l.On, before.Document, before.EndsOn+1)
		}
		fresh, sum = fresh+1, sum.Add(l.Amount.Decimal)
	}
	switch {
	case before.none() || f.faults.Err() != nil:
	case fresh == 0 && len(known) > 0 && s.To <= before.EndsOn:
		f.add("/lines", ledger.Refuse(ledger.AlreadyDone, "", fmt.Sprintf("all %d lines of the statement are in the book", len(known))))
	case s.From > before.EndsOn+1:
		f.refuse("/from", "bank statement %s ends on %s, the next one begins on %s and not on %s", before.Document, before.EndsOn, before.EndsOn+1, s.From)
	case s.To < before.EndsOn || s.From <= before.EndsOn && len(known) == 0:
		f.refuse("/from", "bank statement %s has the days until %s, the next one begins on %s and not on %s", before.Document, before.EndsOn, before.EndsOn+1, s.From)
	case s.From > before.EndsOn && !s.Opening.Equal(before.Closing):
		f.refuse("/opening", "bank statement %s closed with %s, this one opens with %s", before.Document, f.written(before.Closing), f.written(s.Opening.Decimal))
	case !sum.Equal(s.Closing.Decimal):
		f.refuse("/closing", "bank statement %s closed with %s and %d new lines make %s, this one closes with %s",
			before.Document, f.written(before.Closing), fresh, f.written(sum), f.written(s.Closing.Decimal))
	}
}

// without is the statement as it goes on from the one before: without the lines that the book has.
func (s BankStatement) without(known map[string]decimal.Decimal, before standing) BankStatement {
	lines := s.Lines
	s.Lines = nil
	for _, l := range lines {
		if _, there := known[l.ID]; !there {
			s.Lines = append(s.Lines, l)
		}
	}
	if !before.none() {
		s.From, s.Opening.Decimal = min(max(s.From, before.EndsOn+1), s.To), before.Closing
	}
	return s
}

// dayNought is before every day of a statement, so that the days until its end can be counted.
var dayNought = ledger.NewDate(1900, 1, 1)

// stating is a statement on its way into the book.
type stating struct {
	account ledger.Account
	book    ledger.Info
	before  standing
	s       BankStatement
	series  string
}

// until is the tally of how far the statements of the account reach: the day, and what the bank held then.
func (p stating) until() string { return "stated:" + string(p.account) }

// next is the tally of the statements that go on from the one before. The day alone does not tell that one came: it may end on the same day.
func (p stating) next() string {
	return fmt.Sprintf("statement-after:%s:%d", p.account, p.before.Number)
}

func (p stating) needs() ledger.Needs {
	needs := ledger.Needs{Tallies: []string{p.until(), p.next(), ledger.SeriesTally(p.series)}}
	if !p.before.none() {
		needs.Tallies = append(needs.Tallies, ledger.ReversedTally(p.before.Number), ledger.BoundTally(p.before.Number))
	}
	return needs
}

func daysUntil(on ledger.Date) decimal.Decimal { return decimal.NewFromInt(int64(on - dayNought)) }

func (p stating) compose(d *ledger.Draft) error {
	one, there, reached := decimal.NewFromInt(1), d.Tally(p.until()).Quantity, decimal.Zero
	if !p.before.none() {
		reached = daysUntil(p.before.EndsOn)
	}
	if !there.Equal(reached) || d.Tally(p.next()).Quantity.IsPositive() || !p.before.none() && d.Tally(ledger.ReversedTally(p.before.Number)).Quantity.IsPositive() {
		return ledger.Refuse(ledger.MovedOn, "/bank", fmt.Sprintf("another statement of %s came or went a moment ago: send this one again", p.account))
	}
	if !p.before.none() {
		d.Count(ledger.BoundTally(p.before.Number), one, decimal.Zero)
	}
	d.Count(p.next(), one, decimal.Zero)
	d.Count(p.until(), daysUntil(p.s.To).Sub(reached), p.s.Closing.Sub(p.before.Closing))
	d.Document(p.series)
	d.Row(bankStatements, string(p.account), p.s.From, p.s.To, p.s.Opening.Decimal, p.s.Closing.Decimal, p.s.Reference, p.before.none())
	for _, l := range p.s.Lines {
		d.Row(bankLines, string(p.account), l.On, l.Amount.Decimal, l.Reference, l.Counterparty, l.Text, l.ID)
	}
	return nil
}
