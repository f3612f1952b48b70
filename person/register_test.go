package person_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"
	"golang.org/x/mod/sumdb/note"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
	"reliefledger/person"
	"reliefledger/warehouse"
)

// office is a book and its register of persons, each on a pool with its own role of the database.
type office struct {
	*person.Register
	t    *testing.T
	book *ledger.Book
	own  *bun.DB // the register's pool
	now  time.Time
}

func newOffice(t *testing.T) *office {
	t.Helper()
	dsn := pgtest.DSN(t)
	pool := func(role string) *bun.DB {
		db, err := pg.Open(dsn, pg.Options{Role: role})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, own: pool(person.Role), now: pgtest.Now()}
	app := pool(pgtest.Application)
	info := ledger.Info{Code: "TEST", Name: "Test book", Zone: zone, Currency: "CNY", Decimals: 2}
	if info.ID, err = ledger.Create(t.Context(), app, info); err != nil {
		t.Fatal(err)
	}
	o.book = ledger.Open(app, info, ledger.Options{Now: pgtest.Now})
	t.Cleanup(o.book.Close)
	o.Register = person.Open(o.own, info.ID, zone, func() time.Time { return o.now })
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

var (
	by   = person.By{Actor: "li-na", Purpose: "call back about the lost parcel"}
	wang = person.Person{Pseudonym: "P-1", Name: "王小明", Phone: "13800000000", Number: "11010519491231002X", KeepUntil: time.Date(2024, 6, 30, 0, 0, 0, 0, time.UTC)}
)

func (o *office) looks(pseudonym string) []string {
	o.t.Helper()
	looks, err := o.Looks(o.t.Context(), pseudonym, 0, 100)
	o.must(err)
	var told []string
	for _, l := range looks {
		told = append(told, fmt.Sprintf("%s %s %t by %s: %s", l.Act, l.Pseudonym, l.Found, l.Actor, l.Purpose))
	}
	return told
}

func TestEveryLookIsWrittenDown(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.must(o.Keep(ctx, by, wang))
	got, err := o.Read(ctx, by, "P-1")
	if o.must(err); got.Name != wang.Name || got.Phone != wang.Phone || got.Number != wang.Number || !got.KeepUntil.Equal(wang.KeepUntil) {
		t.Errorf("read %+v", got)
	}
	if _, err := o.Read(ctx, by, "P-2"); !errors.Is(err, person.ErrUnknown) {
		t.Errorf("nobody: %v", err)
	}
	moved := wang
	moved.Phone = "13900000000"
	o.must(o.Keep(ctx, by, moved))
	o.must(o.Erase(ctx, by, "P-1"))
	if err := o.Erase(ctx, by, "P-1"); !errors.Is(err, person.ErrUnknown) {
		t.Errorf("erased twice: %v", err)
	}
	if _, err := o.Read(ctx, by, "P-1"); !errors.Is(err, person.ErrUnknown) {
		t.Errorf("read after erasing: %v", err)
	}
	why := " by li-na: call back about the lost parcel"
	want := []string{"keep P-1 false" + why, "read P-1 true" + why, "keep P-1 true" + why, "erase P-1 true" + why, "erase P-1 false" + why, "read P-1 false" + why}
	if got := o.looks("P-1"); !slices.Equal(got, want) {
		t.Errorf("looks %q", got)
	}
	if all := o.looks(""); len(all) != 7 {
		t.Errorf("looks at all: %q", all)
	}
	var left string
	o.must(pgtest.Owner(t, o.book.DB()).NewRaw("SELECT coalesce(string_agg(r::text, ''), '') FROM persons.readings r").Scan(ctx, &left))
	for _, personal := range []string{"王", "138", "1949"} {
		if strings.Contains(left, personal) {
			t.Errorf("the record of looks holds %s: %s", personal, left)
		}
	}
}

// A search by number is a look at everybody it finds, and the number stands in no record of it.
func TestFindingByNumber(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	number, err := person.ParseNumber("110105 19491231 002x")
	o.must(err)
	if found, err := o.Find(ctx, by, number); err != nil || len(found) != 0 {
		t.Errorf("found %+v, %v", found, err)
	}
	twice := wang
	twice.Pseudonym, twice.Number = "P-2", "110105 19491231 002x"
	other := wang
	other.Pseudonym, other.Number = "P-3", ""
	for _, p := range []person.Person{wang, twice, other} {
		o.must(o.Keep(ctx, by, p))
	}
	found, err := o.Find(ctx, by, number)
	if o.must(err); len(found) != 2 || found[0].Pseudonym != "P-1" || found[1].Pseudonym != "P-2" || found[1].Number != wang.Number || found[0].Name != wang.Name {
		t.Errorf("found %+v", found)
	}
	if found, err := o.Find(ctx, by, ""); err != nil || len(found) != 0 {
		t.Errorf("without a number: %+v, %v", found, err)
	}
	if _, err := o.Find(ctx, person.By{Actor: "li-na"}, number); !errors.Is(err, person.ErrInvalid) {
		t.Errorf("without a purpose: %v", err)
	}
	why := " by li-na: call back about the lost parcel"
	want := []string{"find  false" + why, "keep P-1 false" + why, "keep P-2 false" + why, "keep P-3 false" + why, "find P-1 true" + why, "find P-2 true" + why, "find  false" + why}
	if got := o.looks(""); !slices.Equal(got, want) {
		t.Errorf("looks %q", got)
	}
}

// Where a look cannot be written down, nothing is told.
func TestLooksFailClosed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.must(o.Keep(ctx, by, wang))
	for want, look := range map[string]person.By{
		"the register of persons refuses it: purpose has 0 characters, 1 to 200 of plain text wanted":   {Actor: "li-na"},
		"the register of persons refuses it: actor has 0 characters, 1 to 80 of plain text wanted":      {Purpose: "x"},
		"the register of persons refuses it: purpose has 201 characters, 1 to 200 of plain text wanted": {Actor: "li-na", Purpose: strings.Repeat("长", 201)},
	} {
		if got, err := o.Read(ctx, look, "P-1"); err == nil || err.Error() != want || got != (person.Person{}) {
			t.Errorf("%+v, %v, wanted %s", got, err, want)
		}
	}
	owner := pgtest.Owner(t, o.book.DB())
	_, err := owner.Exec("ALTER TABLE persons.readings ADD CONSTRAINT full_disk CHECK (act <> 'read') NOT VALID")
	if err == nil {
		t.Fatal("a write outside a transaction passed")
	}
	o.must(owner.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.ExecContext(ctx, "ALTER TABLE persons.readings ADD CONSTRAINT full_disk CHECK (act <> 'read') NOT VALID")
		return err
	}))
	if got, err := o.Read(ctx, by, "P-1"); err == nil || got != (person.Person{}) {
		t.Errorf("told %+v, %v", got, err)
	}
	if all := o.looks(""); len(all) != 1 {
		t.Errorf("looks %q", all)
	}
}

// Neither role may reach around the functions, and the book's role may not even look.
func TestRolesStayApart(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.must(o.Keep(ctx, by, wang))
	for _, c := range []struct {
		db        *bun.DB
		statement string
	}{
		{o.own, "SELECT count(*) FROM persons.persons"},
		{o.own, "DELETE FROM persons.persons"},
		{o.own, "INSERT INTO persons.persons VALUES (1, 'x', 'x', '', '', '2030-01-01')"},
		{o.own, "DELETE FROM persons.readings"},
		{o.own, "INSERT INTO persons.readings (book_id, pseudonym, act, found, actor, purpose, at) VALUES (1, 'x', 'read', true, 'x', 'x', now())"},
		{o.own, "SELECT persons.note(1, 'x', 'read', true, 'x', 'x', now())"},
		{o.own, "SELECT count(*) FROM entries"},
		{o.own, "SELECT count(*) FROM handouts"},
		{o.book.DB(), "SELECT count(*) FROM persons.persons"},
		{o.book.DB(), "SELECT count(*) FROM persons.readings"},
		{o.book.DB(), "SELECT * FROM persons.read(1, 'P-1', 'x', 'x', now())"},
		{o.book.DB(), "SELECT * FROM persons.find(1, '11010519491231002X', 'x', 'x', now())"},
		{o.book.DB(), "SELECT persons.erase(1, 'P-1', 'x', 'x', now())"},
		{o.book.DB(), "SELECT persons.due(1, '2030-01-01')"},
	} {
		err := c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.ExecContext(ctx, c.statement)
			return err
		})
		if pg.Code(err) != "42501" {
			t.Errorf("%s: %v", c.statement, err)
		}
	}
}

func TestWhatMayBeRegistered(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for want, change := range map[string]func(*person.Person){
		"name has 0 characters, 1 to 120 of plain text wanted":            func(p *person.Person) { p.Name = "" },
		"name has 3 characters, 1 to 120 of plain text wanted":            func(p *person.Person) { p.Name = "a\x00b" },
		"phone has 41 characters, 0 to 40 of plain text wanted":           func(p *person.Person) { p.Phone = strings.Repeat("1", 41) },
		"resident number has a wrong check digit, a slip of the keyboard": func(p *person.Person) { p.Number = "110105194912310021" },
		"a pseudonym is 1 to 80 letters, digits, '.', '_' and '-'":        func(p *person.Person) { p.Pseudonym = "王" },
		"kept until 2024-03-14, today or later wanted":                    func(p *person.Person) { p.KeepUntil = time.Date(2024, 3, 14, 0, 0, 0, 0, time.UTC) },
	} {
		p := wang
		change(&p)
		if err := o.Keep(t.Context(), by, p); err == nil || err.Error() != "the register of persons refuses it: "+want {
			t.Errorf("%v, wanted %s", err, want)
		}
	}
	if all := o.looks(""); len(all) != 0 {
		t.Errorf("what was refused left %q", all)
	}
}

func TestPersonsAreForgottenInTime(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	for i, until := range []string{"2024-03-15", "2024-03-16", "2024-03-17"} {
		p := wang
		p.Pseudonym = fmt.Sprintf("P-%d", i+1)
		p.KeepUntil, _ = time.Parse(time.DateOnly, until)
		o.must(o.Keep(ctx, by, p))
	}
	clerk := person.By{Actor: "clerk", Purpose: "their time is over"}
	o.now = time.Date(2024, 3, 15, 15, 59, 0, 0, time.UTC) // a minute before midnight in the book's zone
	if got, err := o.EraseDue(ctx, clerk); err != nil || len(got) != 0 {
		t.Errorf("on the 15th: %q, %v", got, err)
	}
	o.now = time.Date(2024, 3, 16, 16, 0, 0, 0, time.UTC)
	if got, err := o.EraseDue(ctx, clerk); err != nil || !slices.Equal(got, []string{"P-1", "P-2"}) {
		t.Errorf("on the 17th: %q, %v", got, err)
	}
	if _, err := o.Read(ctx, by, "P-1"); !errors.Is(err, person.ErrUnknown) {
		t.Errorf("after its time: %v", err)
	}
	if _, err := o.Read(ctx, by, "P-3"); err != nil {
		t.Errorf("on its last day: %v", err)
	}
}

// Erasing a person changes no number, no sum, no hash and no proof of the book.
func TestErasingChangesNothingInTheBook(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	secret, err := person.OpenSecret(t.TempDir() + "/persons.key")
	o.must(err)
	number, err := person.ParseNumber(wang.Number)
	o.must(err)
	p := wang
	p.Pseudonym = secret.Pseudonym(o.book.Code, number)
	o.must(o.Keep(ctx, by, p))
	out := o.handOut(p.Pseudonym)
	private, public, err := note.GenerateKey(rand.Reader, o.book.Origin())
	o.must(err)
	signer, err := note.NewSigner(private)
	o.must(err)
	verifier, err := note.NewVerifier(public)
	o.must(err)
	before, err := ledger.Seal(ctx, o.book.DB(), o.book.Info, signer, pgtest.Now())
	o.must(err)
	proof, err := ledger.ProveInclusion(ctx, o.book.DB(), o.book.Info, out.Number, before.Size)
	o.must(err)
	state := o.state()

	o.must(o.Erase(ctx, person.By{Actor: "officer", Purpose: "the person asked for it"}, p.Pseudonym))

	if after := o.state(); after != state {
		t.Errorf("the book was %s and is %s", state, after)
	}
	findings, err := ledger.Verify(ctx, o.book.DB(), o.book.Info, ledger.VerifyOptions{Checkpoints: []string{before.Note}, Verifiers: note.VerifierList(verifier)})
	if o.must(err); len(findings) > 0 {
		t.Errorf("verify finds %v", findings)
	}
	again, err := ledger.ProveInclusion(ctx, o.book.DB(), o.book.Info, out.Number, before.Size)
	if o.must(err); fmt.Sprint(again) != fmt.Sprint(proof) {
		t.Errorf("the proof was %v and is %v", proof, again)
	}
	shown, err := warehouse.NewKeeper(o.book, pgtest.Now).HandoutNote(ctx, out.Document)
	if o.must(err); shown.Pseudonym != p.Pseudonym {
		t.Errorf("the handout was to %s", shown.Pseudonym)
	}
	if _, err := o.Read(ctx, by, p.Pseudonym); !errors.Is(err, person.ErrUnknown) {
		t.Errorf("the person: %v", err)
	}
}

// handOut gives a quilt to somebody known by a pseudonym.
func (o *office) handOut(pseudonym string) ledger.Posted {
	o.t.Helper()
	ctx, k := o.t.Context(), warehouse.NewKeeper(o.book, pgtest.Now)
	_, err := k.Locations.CreateMany(ctx, "x", []warehouse.Location{{Code: "5101", Name: "州", Kind: warehouse.Prefecture}, {Code: "PT-1", Name: "点", Kind: warehouse.Point, Parent: "5101"}})
	o.must(err)
	_, err = k.Items.CreateMany(ctx, "x", []warehouse.Item{{Code: "QUILT", Name: "棉被", Unit: "床", Category: "quilt"}})
	o.must(err)
	_, err = k.Parties.CreateMany(ctx, "x", []warehouse.Party{{Code: "SUP", Name: "纺织厂", Kind: warehouse.Supplier}})
	o.must(err)
	value := decimal.RequireFromString("30.00")
	receipt, err := k.Receive(ctx, ledger.By{Actor: "keeper", Key: "1"}, warehouse.Receipt{
		Location: "PT-1", Kind: warehouse.Purchase, Party: "SUP", Fund: "F1",
		Lines: []warehouse.ReceiptLine{{Item: "QUILT", Quantity: decimal.NewFromInt(3), Value: &value}},
	})
	o.must(err)
	_, err = o.book.Post(ctx, receipt)
	o.must(err)
	handout, err := k.HandOut(ctx, ledger.By{Actor: "keeper", Key: "2"}, warehouse.Handout{
		Location: "PT-1", People: 1, Pseudonym: pseudonym, Lines: []warehouse.HandoutLine{{Item: "QUILT", Quantity: decimal.NewFromInt(1)}},
	})
	o.must(err)
	posted, err := o.book.Post(ctx, handout)
	o.must(err)
	return posted
}

// state is every number and every hash of the book.
func (o *office) state() (text string) {
	o.t.Helper()
	o.must(o.book.DB().NewRaw(`SELECT (SELECT string_agg(e::text, ' ' ORDER BY number) FROM entries e) || (SELECT string_agg(c::text, ' ' ORDER BY cell) FROM cells c)
		|| (SELECT string_agg(m::text, ' ' ORDER BY number, line) FROM moves m) || (SELECT string_agg(c.note, ' ') FROM checkpoints c)`).Scan(o.t.Context(), &text))
	return text
}
