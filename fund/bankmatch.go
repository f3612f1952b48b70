package fund

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// BankMatch says which lines of a bank's statements are which entries of the book. It moves nothing, and its reversal takes it back.
type BankMatch struct {
	On      ledger.Date `json:"on,omitempty" required:"false" doc:"Business date; today when absent." example:"2024-01-03"`
	Bank    string      `json:"bank" maxLength:"85" doc:"Bank account; cash:CODE for a money box." example:"ICBC-5101"`
	Lines   []string    `json:"bank_lines,omitempty" maxItems:"2000" doc:"Lines of its statements by their names; .0 behind the number of the first statement is what the account held before." example:"[\"BS-ICBC-5101-2024-00001.1\"]"`
	Entries []int64     `json:"entries,omitempty" maxItems:"50000" doc:"Entries that moved as much in the book." example:"[5120]"`
}

// MaxMatched is how many entries one match may hold: what an account saw in the years before its first statement is one match with its opening.
const MaxMatched = 50_000

var bankMatches = ledger.Documents("bank_matches", "account text", "bank_line text", "entry bigint", "amount numeric")

func init() {
	const live = `SELECT * FROM bank_matches m WHERE book_id = ?0 AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?0 AND u.reverses = m.number)`
	ledger.MustHold("what is matched with a bank is equal", `
		SELECT format('match %s has %s at the bank and %s in the book', number, trim_scale(coalesce(sum(amount) FILTER (WHERE entry IS NULL), 0)),
			trim_scale(coalesce(sum(amount) FILTER (WHERE entry IS NOT NULL), 0)))
		FROM bank_matches WHERE book_id = ?0 GROUP BY number HAVING sum(CASE WHEN entry IS NULL THEN amount ELSE -amount END) <> 0`)
	ledger.MustHold("what is matched with a bank is what it says", `
		WITH live AS (`+live+`)
		SELECT format('match %s says %s of %s, which is %s', m.number, trim_scale(m.amount), m.bank_line, coalesce(trim_scale(l.amount)::text, 'not there'))
		FROM live m LEFT JOIN stated_lines l ON l.book_id = ?0 AND l.account = m.account AND l.name = m.bank_line
		WHERE m.bank_line IS NOT NULL AND l.amount IS DISTINCT FROM m.amount
		UNION ALL
		SELECT format('match %s says %s of entry %s, which moved %s', m.number, trim_scale(m.amount), m.entry, coalesce(trim_scale(e.amount)::text, 'nothing'))
		FROM live m LEFT JOIN banked_entries e ON e.book_id = ?0 AND e.number = m.entry AND e.account = m.account
		WHERE m.entry IS NOT NULL AND e.amount IS DISTINCT FROM m.amount`)
	ledger.MustHold("what is matched with a bank is matched once", `
		SELECT format('%s of %s is matched %s times', coalesce(bank_line, 'entry ' || entry), account, count(*)) FROM (`+live+`) AS m
		GROUP BY account, bank_line, entry HAVING count(*) > 1`)
}

// banked is one side of a match: a line of a statement, or an entry.
type banked struct {
	pointer string
	line    string // "" for an entry
	entry   int64
	number  int64 // of the entry whose reversal this keeps back: the line's statement; 0 for an entry
	amount  decimal.Decimal
}

// tally keeps it to one match.
func (b banked) tally(account ledger.Account) string {
	return fmt.Sprintf("banked:%s:%s", account, cmp.Or(b.line, strconv.FormatInt(b.entry, 10)))
}

// taken refuses what another match has.
func (b banked) taken() error {
	if b.line != "" {
		return ledger.Refuse(ledger.AlreadyDone, "", fmt.Sprintf("bank line %s is matched already", b.line))
	}
	return ledger.Refuse(ledger.AlreadyDone, "", fmt.Sprintf("entry %d is matched already", b.entry))
}

// Match proposes a match: lines and entries of one account with equal sums, none of which is matched already.
func (o *Officer) Match(ctx context.Context, by ledger.By, m BankMatch) (*ledger.Proposal, error) {
	head := o.header("bank-match", by, m.On, m)
	f := o.form(ctx)
	f.bank("/bank", m.Bank)
	account := moneyAccount(m.Bank)
	if len(m.Lines)+len(m.Entries) < 2 {
		f.refuse("/bank_lines", "a match of %d lines and %d entries, at least two of them wanted", len(m.Lines), len(m.Entries))
	}
	if err := f.end(); err != nil {
		return nil, err
	}
	lines, err := f.bankedLines(account, m.Lines)
	if err != nil {
		return nil, err
	}
	entries, err := f.bankedEntries(account, m.Entries)
	if err != nil {
		return nil, err
	}
	if f.end() == nil && !total(lines).Equal(total(entries)) {
		f.refuse("/entries", "the lines make %s, the entries %s: they differ by %s",
			f.written(total(lines)), f.written(total(entries)), f.written(total(entries).Sub(total(lines))))
	}
	if err := f.end(); err != nil {
		return nil, err
	}
	p := matching{account, append(lines, entries...), series("BM", account.Name(), head.On)}
	return &ledger.Proposal{Header: head, Needs: p.needs(), Compose: p.compose}, nil
}

func total(sides []banked) decimal.Decimal {
	sum := decimal.Zero
	for _, s := range sides {
		sum = sum.Add(s.amount)
	}
	return sum
}

// bankedLines finds lines of the account's statements by their names.
func (f *form) bankedLines(account ledger.Account, names []string) ([]banked, error) {
	var rows []struct {
		Name   string
		Number int64
		Amount decimal.Decimal
	}
	err := f.o.Book.DB().NewRaw("SELECT name, number, amount FROM stated_lines WHERE book_id = ? AND account = ? AND name = ANY (?)",
		f.o.Book.ID, account, pq.Array(names)).Scan(f.ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("lines of %s: %w", account, err)
	}
	found := map[string]banked{}
	for _, r := range rows {
		found[r.Name] = banked{line: r.Name, number: r.Number, amount: r.Amount}
	}
	return pick(f, "/bank_lines", names, found, func(pointer, name string) {
		f.add(pointer, ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("no statement of %s has a line %.90s", account, name)))
	}), nil
}

// bankedEntries finds entries that moved something in the account.
func (f *form) bankedEntries(account ledger.Account, numbers []int64) ([]banked, error) {
	var rows []struct {
		Number int64
		Amount decimal.Decimal
	}
	err := f.o.Book.DB().NewRaw("SELECT number, amount FROM banked_entries WHERE book_id = ? AND account = ? AND number = ANY (?)",
		f.o.Book.ID, account, pq.Array(numbers)).Scan(f.ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("entries of %s: %w", account, err)
	}
	found := map[int64]banked{}
	for _, r := range rows {
		found[r.Number] = banked{entry: r.Number, amount: r.Amount}
	}
	return pick(f, "/entries", numbers, found, func(pointer string, number int64) {
		f.add(pointer, ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("entry %d moved nothing in %s", number, account)))
	}), nil
}

// pick takes what was named out of what was found, each once.
func pick[K comparable](f *form, pointer string, named []K, found map[K]banked, absent func(pointer string, name K)) []banked {
	var picked []banked
	seen := map[K]bool{}
	for i, name := range named {
		b, there := found[name]
		b.pointer = fmt.Sprintf("%s/%d", pointer, i)
		switch {
		case !there:
			absent(b.pointer, name)
		case seen[name]:
			f.refuse(b.pointer, "%v is named twice", name)
		default:
			picked = append(picked, b)
		}
		seen[name] = true
	}
	return picked
}

// matching is a match on its way into the book.
type matching struct {
	account ledger.Account
	sides   []banked
	series  string
}

func (p matching) needs() ledger.Needs {
	needs := ledger.Needs{Tallies: []string{ledger.SeriesTally(p.series)}}
	for _, s := range p.sides {
		needs.Tallies = append(needs.Tallies, s.tally(p.account))
		if s.number != 0 {
			needs.Tallies = append(needs.Tallies, ledger.ReversedTally(s.number), ledger.BoundTally(s.number))
		}
	}
	return needs
}

// compose binds the statements: none is taken back under its matches. Entries stay free to be reversed, because what the bank did stands
// whatever the book thinks of it later; the reversal is then matched with what the bank sends back.
func (p matching) compose(d *ledger.Draft) error {
	var faults ledger.Faults
	one := decimal.NewFromInt(1)
	d.Document(p.series)
	for _, s := range p.sides {
		var err error
		switch {
		case d.Tally(s.tally(p.account)).Quantity.IsPositive():
			err = s.taken()
		case s.number != 0 && d.Tally(ledger.ReversedTally(s.number)).Quantity.IsPositive():
			err = ledger.Refuse(ledger.AlreadyDone, "", fmt.Sprintf("the statement of bank line %s was reversed", s.line))
		}
		if err := faults.Add(s.pointer, err); err != nil {
			return err
		}
		d.Count(s.tally(p.account), one, decimal.Zero)
		if s.line != "" {
			d.Count(ledger.BoundTally(s.number), one, decimal.Zero)
			d.Row(bankMatches, string(p.account), s.line, nil, s.amount)
		} else {
			d.Row(bankMatches, string(p.account), nil, s.entry, s.amount)
		}
	}
	return faults.Err()
}
