package report

import (
	"context"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// MaxOutstanding is how many lines and how many entries of each side a reconciliation shows; its sums count all of them.
const MaxOutstanding = 1000

// ReconciliationQuery says which account is held against its bank, and when.
type ReconciliationQuery struct {
	Bank    string      `query:"bank" required:"true" maxLength:"85" doc:"Bank account; cash:CODE for a money box." example:"CCB-01"`
	On      ledger.Date `query:"on" doc:"At the end of this business date; at the end of the last statement when left out." example:"2023-12-31"`
	KnownAt int64       `query:"known_at" minimum:"0" doc:"As known at this entry number." example:"60000"`
}

// Reconciliation holds the book's balance of an account against the bank's: book - entries + lines = statement, to the last unit.
type Reconciliation struct {
	Account     string         `json:"account" doc:"Account of the book." example:"bank:CCB-01"`
	On          ledger.Date    `json:"on,omitzero" required:"false" doc:"End of this business date; absent when there is no statement."`
	StatedUntil ledger.Date    `json:"stated_until,omitzero" required:"false" doc:"Last day that the bank's statements cover; absent when there is none."`
	KnownAt     int64          `json:"known_at" doc:"Number of the last entry that counts."`
	Book        Number         `json:"book" doc:"What the account holds by the book, over all funds." example:"22472.50"`
	NotAtBank   Number         `json:"not_at_bank" doc:"What entries moved that the bank has not booked, or whose match holds a later line." example:"-200.00"`
	NotInBook   Number         `json:"not_in_book" doc:"What lines say that the book has not, or whose match holds a later entry." example:"0.00"`
	Statement   Number         `json:"statement" doc:"What the account holds by the bank." example:"22672.50"`
	Difference  Number         `json:"difference" doc:"Book less not at bank plus not in book less statement. It is zero by construction; anything else means that somebody has changed the database." example:"0.00"`
	Agreed      bool           `json:"agreed" doc:"True when nothing is outstanding and nothing differs."`
	Entries     []BankEntry    `json:"entries" doc:"Entries that the bank has not, the oldest first; at most 1,000."`
	EntryCount  int            `json:"entry_count" doc:"How many there are." example:"1"`
	Lines       []StatedLine   `json:"lines" doc:"Lines that the book has not, the oldest first; at most 1,000."`
	LineCount   int            `json:"line_count" doc:"How many there are." example:"0"`
	Proposals   []BankProposal `json:"proposals" doc:"Matches that suggest themselves: by the same reference, by the same amount within ten days, by the payments of one day in one sum. Somebody must confirm them."`
}

// BankEntry is an entry that moved something in a bank account.
type BankEntry struct {
	Entry     int64       `json:"entry" doc:"Number of the entry." example:"5120"`
	On        ledger.Date `json:"on" doc:"Business date."`
	Kind      string      `json:"kind" doc:"What happened." example:"payment"`
	Document  string      `json:"document" doc:"Document number." example:"PY-WINTER-23-2023-00001"`
	Reference string      `json:"reference" doc:"Reference that its document gives."`
	Amount    Number      `json:"amount" doc:"What came, below zero what left." example:"-200.00"`
}

// BankProposal is a match that suggests itself. Its members are those of a match.
type BankProposal struct {
	Why     string   `json:"why" enum:"reference,amount,sum,opening" doc:"The same reference and amount; the same amount within ten days; the payments of one day in one sum; all entries before the first statement, against its opening."`
	Lines   []string `json:"bank_lines" doc:"Lines of the bank's statements."`
	Entries []int64  `json:"entries" doc:"Entries of the book."`
}

type outstandingLine struct {
	Name, Reference, Counterparty, Text, ID string
	On                                      ledger.Date
	Amount                                  decimal.Decimal
	used                                    bool
}

type outstandingEntry struct {
	Entry                     int64
	On                        ledger.Date
	Kind, Document, Reference string
	Amount                    decimal.Decimal
	used                      bool
}

type reconciling struct {
	Book    int
	Account string
	On      ledger.Date
	KnownAt int64
}

// liveMatches are the statements, their lines, the moved entries and the matches that stand, as they were known at an entry; stated_lines are
// the lines of now. A match has the last day of what it holds: as of an earlier day the rest of it is outstanding.
const liveMatches = `stated AS (
		SELECT s.*, e.document FROM bank_statements s JOIN entries e USING (book_id, number) WHERE s.book_id = ?book AND s.account = ?account AND s.number <= ?known_at
			AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?book AND u.reverses = s.number AND u.number <= ?known_at)
	), lines AS (
		SELECT s.document || '.' || l.line AS name, l."on", l.amount, l.reference, l.counterparty, l.text, l.id, l.line, l.number
		FROM stated s JOIN bank_lines l ON l.book_id = ?book AND l.number = s.number
		UNION ALL
		SELECT document || '.0', starts_on - 1, opening, reference, '', '', '', 0, number FROM stated WHERE first AND opening <> 0
	), moved AS (
		SELECT e.number AS entry, e."on", e.kind, coalesce(e.document, '') AS document, e.reverses, a.amount
		FROM banked_entries a JOIN entries e USING (book_id, number) WHERE a.book_id = ?book AND a.account = ?account AND a.number <= ?known_at
	), matches AS (
		SELECT m.number, m.bank_line, m.entry, max(greatest(l."on", v."on")) OVER (PARTITION BY m.number) AS until
		FROM bank_matches m LEFT JOIN lines l ON l.name = m.bank_line LEFT JOIN moved v ON v.entry = m.entry
		WHERE m.book_id = ?book AND m.account = ?account AND m.number <= ?known_at
			AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?book AND u.reverses = m.number AND u.number <= ?known_at)
	)`

const linesSQL = `WITH ` + liveMatches + `
	SELECT l.name, l."on", l.amount, l.reference, l.counterparty, l.text, l.id FROM lines l LEFT JOIN matches m ON m.bank_line = l.name
	WHERE l."on" <= ?on AND coalesce(m.until > ?on, true) ORDER BY l."on", l.number, l.line`

// An entry and its reversal are nothing together as soon as both are there, unless the bank knows one of them.
const entriesSQL = `WITH ` + liveMatches + `, undone AS (
		SELECT o.entry, r.entry AS reversal FROM moved o JOIN moved r ON r.reverses = o.entry
		WHERE r."on" <= ?on AND NOT EXISTS (SELECT FROM matches WHERE entry IN (o.entry, r.entry))
	)
	SELECT v.entry, v."on", v.kind, v.document, v.amount,
		coalesce((SELECT reference FROM payments p WHERE p.book_id = ?book AND p.number = v.entry AND p.line = 1),
			(SELECT reference FROM contributions c WHERE c.book_id = ?book AND c.number = v.entry AND c.line = 1),
			(SELECT reference FROM claims c WHERE c.book_id = ?book AND c.number = v.entry AND c.line = 1), '') AS reference
	FROM moved v LEFT JOIN matches m ON m.entry = v.entry
	WHERE v."on" <= ?on AND coalesce(m.until > ?on, true) AND v.entry NOT IN (SELECT entry FROM undone UNION ALL SELECT reversal FROM undone)
	ORDER BY v."on", v.entry`

// Reconciliation holds an account against the statements of its bank, on one snapshot.
func (r Room) Reconciliation(ctx context.Context, q ReconciliationQuery) (Reconciliation, error) {
	account := string(ledger.Bank.In(q.Bank))
	if strings.HasPrefix(q.Bank, "cash:") {
		account = q.Bank
	}
	c := Reconciliation{Account: account, On: q.On, Entries: []BankEntry{}, Lines: []StatedLine{}, Proposals: []BankProposal{}}
	err := r.sweep(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if c.KnownAt, err = r.knownAt(ctx, tx, q.KnownAt); err != nil {
			return err
		}
		args := reconciling{r.Book.ID, account, q.On, c.KnownAt}
		var found bool
		err = tx.NewRaw(`SELECT max(ends_on), EXISTS (SELECT FROM cells WHERE book_id = ?book AND account = ?account)
				OR EXISTS (SELECT FROM bank_statements WHERE book_id = ?book AND account = ?account)
			FROM bank_statements s WHERE book_id = ?book AND account = ?account AND number <= ?known_at
			AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?book AND u.reverses = s.number AND u.number <= ?known_at)`, args).Scan(ctx, &c.StatedUntil, &found)
		if err != nil {
			return err
		}
		if !found { // what is misspelt agrees with nothing
			return ledger.Refuse(ledger.NotFound, "/bank", fmt.Sprintf("account %.90q is not in the book", account))
		}
		if args.On.IsZero() {
			args.On = orElse(c.StatedUntil, r.Book.Today())
		}
		c.On = args.On
		return r.reconcile(ctx, tx, &c, args)
	})
	return c, err
}

func (r Room) reconcile(ctx context.Context, tx bun.Tx, c *Reconciliation, args reconciling) error {
	var book, statement decimal.Decimal
	held := ledger.Moment{AsOf: args.On, KnownAt: args.KnownAt}.SQL("c.book_id = ?book", "c.account = ?account")
	err := tx.NewRaw("SELECT coalesce(sum(value), 0) FROM ("+held+") AS held", struct {
		reconciling
		AsOf ledger.Date
	}{args, args.On}).Scan(ctx, &book)
	if err != nil {
		return err
	}
	if err := tx.NewRaw("WITH "+liveMatches+` SELECT coalesce(sum(amount), 0) FROM lines WHERE "on" <= ?on`, args).Scan(ctx, &statement); err != nil {
		return err
	}
	var lines []outstandingLine
	if err := tx.NewRaw(linesSQL, args).Scan(ctx, &lines); err != nil {
		return fmt.Errorf("lines of %s: %w", args.Account, err)
	}
	var entries []outstandingEntry
	if err := tx.NewRaw(entriesSQL, args).Scan(ctx, &entries); err != nil {
		return fmt.Errorf("entries of %s: %w", args.Account, err)
	}
	r.outstanding(c, lines, entries, book, statement)
	c.Proposals = append(c.Proposals, propose(lines, entries)...)
	return nil
}

// outstanding adds up what one side has and the other has not, and shows the proof.
func (r Room) outstanding(c *Reconciliation, lines []outstandingLine, entries []outstandingEntry, book, statement decimal.Decimal) {
	var notInBook, notAtBank decimal.Decimal
	for i, l := range lines {
		notInBook = notInBook.Add(l.Amount)
		if i < MaxOutstanding {
			c.Lines = append(c.Lines, StatedLine{l.Name, l.On, r.amount(l.Amount), l.Reference, l.Counterparty, l.Text, l.ID})
		}
	}
	for i, e := range entries {
		notAtBank = notAtBank.Add(e.Amount)
		if i < MaxOutstanding {
			c.Entries = append(c.Entries, BankEntry{e.Entry, e.On, e.Kind, e.Document, e.Reference, r.amount(e.Amount)})
		}
	}
	c.LineCount, c.EntryCount = len(lines), len(entries)
	difference := book.Sub(notAtBank).Add(notInBook).Sub(statement)
	c.Book, c.Statement, c.Difference = r.amount(book), r.amount(statement), r.amount(difference)
	c.NotAtBank, c.NotInBook = r.amount(notAtBank), r.amount(notInBook)
	c.Agreed = len(lines)+len(entries) == 0 && difference.IsZero()
}

// nearby is how many days may lie between an entry and its line at the bank.
const nearby = 10

// propose finds lines and entries that suggest themselves for each other, the surest first; each is proposed once.
func propose(lines []outstandingLine, entries []outstandingEntry) []BankProposal {
	proposals := proposeOpening(lines, entries)
	of := map[string][]*outstandingEntry{} // by amount: a first reconciliation may hold years against years
	for i := range entries {
		amount := entries[i].Amount.String()
		of[amount] = append(of[amount], &entries[i])
	}
	for _, by := range []struct {
		why  string
		fits func(*outstandingLine, *outstandingEntry) bool
	}{
		{"reference", (*outstandingLine).names},
		{"amount", func(*outstandingLine, *outstandingEntry) bool { return true }},
	} {
		for i := range lines {
			l := &lines[i]
			if l.used {
				continue
			}
			if e := l.nearest(of[l.Amount.String()], by.fits); e != nil {
				l.used, e.used = true, true
				proposals = append(proposals, BankProposal{by.why, []string{l.Name}, []int64{e.Entry}})
			}
		}
	}
	return append(proposals, proposeSums(lines, entries)...)
}

// names reports whether the bank's words hold the reference of the entry or the number of its document.
func (l *outstandingLine) names(e *outstandingEntry) bool {
	said := l.Reference + "\n" + l.Text
	return len(e.Document) > 3 && strings.Contains(said, e.Document) || e.Reference != "" && (e.Reference == l.Reference || len(e.Reference) > 3 && strings.Contains(said, e.Reference))
}

// nearest is the free one of entries of the same amount that fits, nearest to the day of the line.
func (l *outstandingLine) nearest(entries []*outstandingEntry, fits func(*outstandingLine, *outstandingEntry) bool) (best *outstandingEntry) {
	for _, e := range entries {
		if e.used || apart(l.On, e.On) > nearby || !fits(l, e) {
			continue
		}
		if best == nil || apart(l.On, e.On) < apart(l.On, best.On) {
			best = e
		}
	}
	return best
}

func apart(a, b ledger.Date) ledger.Date { return max(a, b) - min(a, b) }

// proposeOpening holds the opening of the first statement against all that the book has before it.
func proposeOpening(lines []outstandingLine, entries []outstandingEntry) []BankProposal {
	for i := range lines {
		l := &lines[i]
		if !strings.HasSuffix(l.Name, ".0") {
			continue
		}
		p, sum := BankProposal{Why: "opening", Lines: []string{l.Name}}, decimal.Zero
		for _, e := range entries {
			if e.On <= l.On {
				p.Entries, sum = append(p.Entries, e.Entry), sum.Add(e.Amount)
			}
		}
		if len(p.Entries) > 0 && sum.Equal(l.Amount) {
			l.used = true
			for j := range entries {
				entries[j].used = entries[j].used || entries[j].On <= l.On
			}
			return []BankProposal{p}
		}
	}
	return nil
}

// proposeSums finds lines that are all that left, or all that came, on one day: a bank books a batch of payments in one sum.
func proposeSums(lines []outstandingLine, entries []outstandingEntry) (proposals []BankProposal) {
	type day struct {
		on   ledger.Date
		sign int
	}
	sums, members := map[day]decimal.Decimal{}, map[day][]int{}
	for i, e := range entries {
		if d := (day{e.On, e.Amount.Sign()}); !e.used {
			sums[d], members[d] = sums[d].Add(e.Amount), append(members[d], i)
		}
	}
	for i := range lines {
		l := &lines[i]
		for on := l.On; on >= l.On-nearby && !l.used; on-- {
			d := day{on, l.Amount.Sign()}
			if len(members[d]) < 2 || !sums[d].Equal(l.Amount) {
				continue
			}
			p := BankProposal{Why: "sum", Lines: []string{l.Name}}
			for _, n := range members[d] {
				p.Entries = append(p.Entries, entries[n].Entry)
			}
			l.used = true
			delete(members, d)
			proposals = append(proposals, p)
		}
	}
	return proposals
}
