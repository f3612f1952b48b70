package register_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// shelf is a noun of these tests alone.
type shelf struct {
	Code   string      `json:"code"`
	Name   string      `json:"name"`
	Levels []level     `json:"levels"`
	Since  ledger.Date `json:"since,omitzero"`
}

type level struct {
	Height string `json:"height"`
}

var shelfRules = register.Rules[shelf]{
	Noun: "shelf", Table: "shelves",
	Code: func(s shelf) string { return s.Code },
	Check: func(s *shelf) error {
		var c register.Complaints
		c.Code("/code", "shelf code", s.Code)
		c.Text("/name", "shelf name", &s.Name, register.MaxName, true)
		s.Levels = append([]level{}, s.Levels...)
		return c.Err()
	},
	Steady: func(was, is shelf) error {
		var c register.Complaints
		c.Unless(was.Since == is.Since, "/since", "shelf %s stands since %s, not %s", was.Code, was.Since, is.Since)
		return c.Err()
	},
}

// clock is a clock that only a test moves.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time          { return pgtest.Now().Add(time.Duration(c.at.Load())) }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

func shelves(t *testing.T) (*register.Register[shelf], *ledger.Book, *clock) {
	t.Helper()
	book := pgtest.Book(t)
	asOwner(t, book, `
		CREATE TABLE shelves (
			book_id integer NOT NULL, code text COLLATE "C" NOT NULL, version bigint NOT NULL,
			changed_at timestamptz NOT NULL, changed_by text NOT NULL,
			name text NOT NULL, levels jsonb NOT NULL, since date, PRIMARY KEY (book_id, code));
		SELECT register('shelves')`)
	var c clock
	return register.Open(book, c.now, shelfRules), book, &c
}

func asOwner(t *testing.T, book *ledger.Book, sql string) {
	t.Helper()
	err := pg.Transact(t.Context(), pgtest.Owner(t, book.DB()), func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.ExecContext(ctx, sql)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// refused wants err to be a refusal of exactly these faults, written "code pointer message".
func refused(t *testing.T, err error, faults ...string) {
	t.Helper()
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v, a refusal wanted", err)
	}
	var got []string
	for _, f := range refusal.Faults {
		got = append(got, fmt.Sprintf("%s %s %s", f.Code, f.Pointer, f.Message))
	}
	if !reflect.DeepEqual(got, faults) {
		t.Errorf("refused with\n%s\nwanted\n%s", strings.Join(got, "\n"), strings.Join(faults, "\n"))
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestARecordIsCreatedChangedAndRemembered(t *testing.T) {
	r, book, c := shelves(t)
	ctx := t.Context()
	first := shelf{Code: "S-1", Name: " Shelf one ", Levels: []level{{"1.20"}}, Since: ledger.NewDate(2023, 11, 1)}
	row := must[register.Row[shelf]](t)(r.Create(ctx, "keeper", first))
	stands := register.Row[shelf]{BookID: book.ID, Version: 1, ChangedAt: pgtest.Now(), ChangedBy: "keeper", Record: first}
	stands.Record.Name = "Shelf one"
	if !reflect.DeepEqual(row, stands) {
		t.Errorf("created %+v, wanted %+v", row, stands)
	}

	c.advance(time.Hour)
	second := shelf{Code: "S-1", Name: "Shelf 1", Since: first.Since}
	row = must[register.Row[shelf]](t)(r.Change(ctx, "auditor", "S-1", 1, second))
	second.Levels = []level{}
	if row.Version != 2 || row.ChangedBy != "auditor" || !row.ChangedAt.Equal(c.now()) || !reflect.DeepEqual(row.Record, second) {
		t.Errorf("changed to %+v", row)
	}
	read := must[register.Row[shelf]](t)(r.Read(ctx, "S-1"))
	if read.ChangedAt = read.ChangedAt.UTC(); !reflect.DeepEqual(read, row) {
		t.Errorf("read %+v, wanted %+v", read, row)
	}

	history := must[[]register.Edit[shelf]](t)(r.History(ctx, "S-1", 0, 10))
	if len(history) != 2 || history[0].Record.Name != "Shelf one" || history[0].ChangedBy != "keeper" ||
		!reflect.DeepEqual(history[1].Record, second) || history[1].Version != 2 {
		t.Errorf("history is %+v", history)
	}
	if rest := must[[]register.Edit[shelf]](t)(r.History(ctx, "S-1", 1, 10)); len(rest) != 1 || rest[0].Version != 2 {
		t.Errorf("history after version 1 is %+v", rest)
	}
}

func TestCreatingAgain(t *testing.T) {
	r, _, c := shelves(t)
	ctx := t.Context()
	record := shelf{Code: "S-1", Name: "Shelf one", Levels: []level{{"1.20"}}}
	first := must[register.Row[shelf]](t)(r.Create(ctx, "keeper", record))
	c.advance(time.Hour)
	again := must[register.Row[shelf]](t)(r.Create(ctx, "other", record))
	if !again.Repeated || again.Version != 1 || again.ChangedBy != "keeper" || !again.ChangedAt.Equal(first.ChangedAt) {
		t.Errorf("the second time answered %+v, wanted the first row", again)
	}
	other := record
	other.Name, other.Since = "Shelf two", ledger.NewDate(2023, 1, 1)
	_, err := r.Create(ctx, "keeper", other)
	refused(t, err, "already-done /code shelf S-1 is in the register with other name, since")
	if history := must[[]register.Edit[shelf]](t)(r.History(ctx, "S-1", 0, 10)); len(history) != 1 {
		t.Errorf("%d versions, 1 wanted", len(history))
	}
}

// TestCodesThatDocumentsAreNamedAfter: a shorter bound holds for new records; one that stands is found, changed and sent again as before.
func TestCodesThatDocumentsAreNamedAfter(t *testing.T) {
	before, book, c := shelves(t)
	ctx := t.Context()
	long := shelf{Code: strings.Repeat("L", 11), Name: "Long"}
	must[register.Row[shelf]](t)(before.Create(ctx, "keeper", long))
	rules := shelfRules
	rules.MaxCode = 10
	r := register.Open(book, c.now, rules)
	if again := must[register.Row[shelf]](t)(r.Create(ctx, "keeper", long)); !again.Repeated {
		t.Errorf("sent again it answered %+v", again)
	}
	long.Name = "Longer"
	must[register.Row[shelf]](t)(r.Change(ctx, "keeper", long.Code, 1, long))
	_, err := r.CreateMany(ctx, "keeper", []shelf{{Code: strings.Repeat("S", 10), Name: "Short"}, long, {Code: strings.Repeat("M", 11), Name: "New"}})
	refused(t, err, "invalid /2/code shelf code has 11 characters, at most 10 wanted")
	_, err = r.Read(ctx, strings.Repeat("S", 10))
	refused(t, err, `not-found  shelf "SSSSSSSSSS" is not in the register`)
}

func TestWhatIsRefused(t *testing.T) {
	r, _, _ := shelves(t)
	ctx := t.Context()
	record := shelf{Code: "S-1", Name: "Shelf one"}
	must[register.Row[shelf]](t)(r.Create(ctx, "keeper", record))

	for _, code := range []string{"S-2", "", "a\x00b", "\xff", "' OR true"} {
		_, err := r.Read(ctx, code)
		refused(t, err, fmt.Sprintf("not-found  shelf %q is not in the register", code))
		_, err = r.History(ctx, code, 0, 10)
		refused(t, err, fmt.Sprintf("not-found  shelf %q is not in the register", code))
	}
	_, err := r.Change(ctx, "keeper", "S-2", 1, shelf{Code: "S-2", Name: "Shelf two"})
	refused(t, err, `not-found  shelf "S-2" is not in the register`)
	_, err = r.Change(ctx, "keeper", "S-1", 1, shelf{Code: "S-2", Name: "Shelf two"})
	refused(t, err, "invalid /code shelf S-1 cannot become S-2: a code never changes")
	_, err = r.Change(ctx, "keeper", "S-1", 1, shelf{Code: "S-1", Name: "\x00"})
	refused(t, err, "invalid /name shelf name holds the character U+0000, plain text wanted")
	_, err = r.Change(ctx, "keeper", "S-1", 1, shelf{Code: "S-1", Name: "Shelf one", Since: ledger.NewDate(2023, 1, 1)})
	refused(t, err, "invalid /since shelf S-1 stands since , not 2023-01-01")
	_, err = r.Change(ctx, "keeper", "S-1", 3, shelf{Code: "S-1", Name: "Shelf two"})
	if !errors.Is(err, register.ErrStale) || err.Error() != "shelf S-1 stands at version 1, 3 wanted: the record has changed since it was read" {
		t.Errorf("a change of version 3 failed with %v", err)
	}
	if row := must[register.Row[shelf]](t)(r.Read(ctx, "S-1")); row.Version != 1 || row.Record.Name != "Shelf one" {
		t.Errorf("refused changes left %+v", row)
	}
}

func TestAChangeIsSafeToRepeat(t *testing.T) {
	r, _, c := shelves(t)
	ctx := t.Context()
	must[register.Row[shelf]](t)(r.Create(ctx, "keeper", shelf{Code: "S-1", Name: "Shelf one"}))
	changed := shelf{Code: "S-1", Name: "Shelf two"}
	first := must[register.Row[shelf]](t)(r.Change(ctx, "keeper", "S-1", 1, changed))
	c.advance(time.Minute)
	again := must[register.Row[shelf]](t)(r.Change(ctx, "keeper", "S-1", 1, changed))
	if !again.Repeated || again.Version != 2 || !again.ChangedAt.Equal(first.ChangedAt) {
		t.Errorf("the repeated change answered %+v", again)
	}
	if _, err := r.Change(ctx, "other", "S-1", 1, changed); !errors.Is(err, register.ErrStale) {
		t.Errorf("the same change by another person answered %v, ErrStale wanted", err)
	}
	same := must[register.Row[shelf]](t)(r.Change(ctx, "other", "S-1", 2, changed))
	if same.Version != 2 || same.ChangedBy != "keeper" {
		t.Errorf("a change that changes nothing made %+v", same)
	}
}

func TestManyAreCreatedAllOrNone(t *testing.T) {
	r, _, _ := shelves(t)
	ctx := t.Context()
	must[register.Row[shelf]](t)(r.Create(ctx, "keeper", shelf{Code: "S-2", Name: "Shelf two"}))

	_, err := r.CreateMany(ctx, "keeper", []shelf{{Code: "S-1", Name: "One"}, {Code: "S-3"}, {Code: "a b", Name: "B"}, {Code: "S-1", Name: "One"}})
	refused(t, err,
		"invalid /1/name shelf name is empty, 1 to 120 characters wanted",
		`invalid /2/code shelf code "a b" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`,
		"invalid /3/code shelf S-1 stands in lines 0 and 3, once wanted")
	_, err = r.CreateMany(ctx, "keeper", []shelf{{Code: "S-1", Name: "One"}, {Code: "S-2", Name: "Two"}})
	refused(t, err, "already-done /1/code shelf S-2 is in the register with other name")
	if rows := must[[]register.Row[shelf]](t)(r.List(ctx, "", 10)); len(rows) != 1 {
		t.Errorf("refused requests left %d shelves, 1 wanted", len(rows))
	}
	_, err = r.CreateMany(ctx, "keeper", make([]shelf, register.MaxMany+1))
	refused(t, err, "invalid  5001 shelf records sent, 5000 fit into one request")

	sent := []shelf{{Code: "S-3", Name: " Three"}, {Code: "S-2", Name: "Shelf two"}, {Code: "S-1", Name: "One"}}
	rows := must[[]register.Row[shelf]](t)(r.CreateMany(ctx, "keeper", sent))
	for i, repeated := range []bool{false, true, false} {
		if rows[i].Record.Code != sent[i].Code || rows[i].Repeated != repeated {
			t.Errorf("row %d is %+v", i, rows[i])
		}
	}
	if sent[0].Name != " Three" {
		t.Error("the sender's own records were changed")
	}
	if rows := must[[]register.Row[shelf]](t)(r.CreateMany(ctx, "keeper", nil)); rows != nil {
		t.Errorf("nothing created %v", rows)
	}
}

func TestListTurnsPages(t *testing.T) {
	r, _, _ := shelves(t)
	ctx := t.Context()
	must[[]register.Row[shelf]](t)(r.CreateMany(ctx, "keeper", []shelf{{Code: "b", Name: "B"}, {Code: "B", Name: "B"}, {Code: "a_1", Name: "A"}, {Code: "a-1", Name: "A"}}))
	var codes []string
	for after := ""; ; {
		page := must[[]register.Row[shelf]](t)(r.List(ctx, after, 3))
		for _, row := range page {
			after = row.Record.Code
			codes = append(codes, after)
		}
		if len(page) < 3 {
			break
		}
	}
	if got := strings.Join(codes, " "); got != "B a-1 a_1 b" {
		t.Errorf("pages hold %s, wanted byte order", got)
	}
	_, err := r.List(ctx, "a\x00", 3)
	refused(t, err, `invalid  page after "a\x00" is not a code of 1 to 80 letters, digits, '.', '_' and '-'`)
	named := func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("r.name = ?", "A") }
	if rows := must[[]register.Row[shelf]](t)(r.List(ctx, "", 0, named)); len(rows) != 1 || rows[0].Record.Code != "a-1" {
		t.Errorf("a page of at least one shelf named A holds %+v", rows)
	}
}

func TestBooksDoNotSeeEachOther(t *testing.T) {
	r, book, c := shelves(t)
	ctx := t.Context()
	must[register.Row[shelf]](t)(r.Create(ctx, "keeper", shelf{Code: "S-1", Name: "Shelf one"}))
	info := ledger.Info{Code: "OTHER", Name: "Other", Zone: time.UTC, Currency: "CNY", Decimals: 2}
	info.ID = must[int](t)(ledger.Create(ctx, book.DB(), info))
	other := ledger.Open(book.DB(), info, ledger.Options{Now: c.now})
	t.Cleanup(other.Close)
	o := register.Open(other, c.now, shelfRules)
	_, err := o.Read(ctx, "S-1")
	refused(t, err, `not-found  shelf "S-1" is not in the register`)
	row := must[register.Row[shelf]](t)(o.Create(ctx, "keeper", shelf{Code: "S-1", Name: "Another"}))
	if row.Repeated || row.BookID != info.ID {
		t.Errorf("created %+v", row)
	}
	if found := must[shelf](t)(r.Find(ctx, "S-1")); found.Name != "Shelf one" {
		t.Errorf("found %+v", found)
	}
}

// together runs n functions at once and answers their errors in order.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var ready, all sync.WaitGroup
	ready.Add(1)
	for i := range n {
		all.Go(func() {
			ready.Wait()
			errs[i] = do(i)
		})
	}
	ready.Done()
	all.Wait()
	return errs
}

func TestOneOfManyCreatorsIsFirst(t *testing.T) {
	r, _, _ := shelves(t)
	ctx := t.Context()
	var first atomic.Int64
	for _, err := range together(24, func(int) error {
		row, err := r.Create(ctx, "keeper", shelf{Code: "S-1", Name: "Shelf one"})
		if err == nil && !row.Repeated {
			first.Add(1)
		}
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	if first.Load() != 1 {
		t.Errorf("%d creators were first, 1 wanted", first.Load())
	}
	created := 0
	for _, err := range together(24, func(i int) error {
		_, err := r.Create(ctx, "keeper", shelf{Code: "S-2", Name: fmt.Sprintf("Shelf %d", i)})
		return err
	}) {
		if err == nil {
			created++
			continue
		}
		refused(t, err, "already-done /code shelf S-2 is in the register with other name")
	}
	if created != 1 {
		t.Errorf("%d creators with different names got their way, 1 wanted", created)
	}
}

func TestOneOfManyChangersWins(t *testing.T) {
	r, book, c := shelves(t)
	ctx := t.Context()
	must[register.Row[shelf]](t)(r.Create(ctx, "keeper", shelf{Code: "S-1", Name: "Shelf one"}))
	servers := []*register.Register[shelf]{r, register.Open(book, c.now, shelfRules)}
	won := 0
	for _, err := range together(24, func(i int) error {
		_, err := servers[i%2].Change(ctx, "keeper", "S-1", 1, shelf{Code: "S-1", Name: fmt.Sprintf("Shelf %d", i)})
		return err
	}) {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, register.ErrStale):
			t.Error(err)
		}
	}
	if history := must[[]register.Edit[shelf]](t)(r.History(ctx, "S-1", 0, 10)); won != 1 || len(history) != 2 {
		t.Errorf("%d changers won and %d versions are kept, 1 and 2 wanted", won, len(history))
	}
}

func TestCreatorsOfOverlappingBatchesAgree(t *testing.T) {
	r, _, _ := shelves(t)
	ctx := t.Context()
	for _, err := range together(8, func(i int) error {
		batch := make([]shelf, 100)
		for n := range batch {
			// Every other creator goes through the codes backwards: rows must not be waited for crosswise.
			code := n
			if i%2 == 1 {
				code = len(batch) - 1 - n
			}
			batch[n] = shelf{Code: fmt.Sprintf("S-%d", code), Name: "Shelf"}
		}
		_, err := r.CreateMany(ctx, "keeper", batch)
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	if rows := must[[]register.Row[shelf]](t)(r.List(ctx, "", register.MaxPage)); len(rows) != 100 {
		t.Errorf("%d shelves, 100 wanted", len(rows))
	}
}

func TestFindIsNeverBehindOurOwnWrites(t *testing.T) {
	r, _, _ := shelves(t)
	ctx := t.Context()
	_, err := r.Find(ctx, "S-1")
	refused(t, err, `not-found  shelf "S-1" is not in the register`)
	must[register.Row[shelf]](t)(r.Create(ctx, "keeper", shelf{Code: "S-1", Name: "Shelf one"}))
	for version, name := range []string{"Shelf one", "Shelf two", "Shelf three"} {
		if version > 0 {
			must[register.Row[shelf]](t)(r.Change(ctx, "keeper", "S-1", int64(version), shelf{Code: "S-1", Name: name}))
		}
		for range 2 {
			if found := must[shelf](t)(r.Find(ctx, "S-1")); found.Name != name {
				t.Errorf("found %s, wanted %s", found.Name, name)
			}
		}
	}
}

func TestFindIsAtMostASecondBehindAnotherServer(t *testing.T) {
	r, book, c := shelves(t)
	ctx := t.Context()
	must[register.Row[shelf]](t)(r.Create(ctx, "keeper", shelf{Code: "S-1", Name: "Shelf one"}))
	must[shelf](t)(r.Find(ctx, "S-1"))
	other := register.Open(book, c.now, shelfRules)
	must[register.Row[shelf]](t)(other.Change(ctx, "keeper", "S-1", 1, shelf{Code: "S-1", Name: "Shelf two"}))

	c.advance(499 * time.Millisecond)
	if found := must[shelf](t)(r.Find(ctx, "S-1")); found.Name != "Shelf one" {
		t.Errorf("found %s after less than half a second, the cache was not used", found.Name)
	}
	c.advance(501 * time.Millisecond)
	if found := must[shelf](t)(r.Find(ctx, "S-1")); found.Name != "Shelf two" {
		t.Errorf("found %s after a second", found.Name)
	}

	// While the edition stands still, its age alone does not make a record be read again.
	asOwner(t, book, "UPDATE shelves SET name = 'Changed behind the register'")
	c.advance(time.Hour)
	if found := must[shelf](t)(r.Find(ctx, "S-1")); found.Name != "Shelf two" {
		t.Errorf("found %q, the record was read again without need", found.Name)
	}
}

func TestFindersAndChangersTogether(t *testing.T) {
	r, book, c := shelves(t)
	ctx := t.Context()
	must[register.Row[shelf]](t)(r.Create(ctx, "keeper", shelf{Code: "S-1", Name: "1"}))
	other := register.Open(book, c.now, shelfRules)
	var written atomic.Int64
	written.Store(1)
	for _, err := range together(8, func(i int) error {
		for version := int64(1); version <= 20; version++ {
			if i == 0 {
				if _, err := other.Change(ctx, "keeper", "S-1", version, shelf{Code: "S-1", Name: fmt.Sprint(version + 1)}); err != nil {
					return err
				}
				written.Store(version + 1)
				continue
			}
			before := written.Load()
			c.advance(2 * time.Second)
			found, err := r.Find(ctx, "S-1")
			if err != nil {
				return err
			}
			var seen int64
			if _, err := fmt.Sscan(found.Name, &seen); err != nil || seen < before {
				return fmt.Errorf("found version %s more than a second after version %d was written", found.Name, before)
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestTheApplicationCannotRewriteHistory(t *testing.T) {
	r, book, _ := shelves(t)
	must[register.Row[shelf]](t)(r.Create(t.Context(), "keeper", shelf{Code: "S-1", Name: "Shelf one"}))
	for _, sql := range []string{
		"UPDATE register_history SET changed_by = 'nobody'", "DELETE FROM register_history", "TRUNCATE register_history",
		"DELETE FROM shelves", "DELETE FROM items", "DELETE FROM locations", "DELETE FROM parties", "DELETE FROM funds", "DELETE FROM campaigns",
	} {
		err := pg.Transact(t.Context(), book.DB(), func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.ExecContext(ctx, sql)
			return err
		})
		if pg.Code(err) != "42501" {
			t.Errorf("%s answered %v, wanted permission denied", sql, err)
		}
	}
	err := pg.Transact(t.Context(), pgtest.Owner(t, book.DB()), func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE register_history SET changed_by = 'nobody'")
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "UPDATE of register_history refused: history is append-only") {
		t.Errorf("the owner's update answered %v", err)
	}
}
