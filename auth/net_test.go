package auth_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/auth"
	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// world is a book with two prefectures, a station and a point in each, and two funds.
type world struct {
	t       *testing.T
	clock   *clock
	book    *ledger.Book
	keeper  *warehouse.Keeper
	officer *fund.Officer
	desk    *campaign.Desk
	n       int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	book := pgtest.Book(t)
	w := &world{
		t: t, clock: &clock{at: pgtest.Now()}, book: book,
		keeper: warehouse.NewKeeper(book, pgtest.Now), officer: fund.NewOfficer(book, pgtest.Now), desk: campaign.NewDesk(book, pgtest.Now),
	}
	_, err := w.keeper.Locations.CreateMany(t.Context(), "x", []warehouse.Location{
		{Code: "51", Name: "省", Kind: warehouse.Province},
		{Code: "5101", Name: "州", Kind: warehouse.Prefecture, Parent: "51"},
		{Code: "51010", Name: "州", Kind: warehouse.Prefecture, Parent: "51"},
		{Code: "ST-1", Name: "站", Kind: warehouse.Station, Parent: "5101"},
		{Code: "ST-2", Name: "站", Kind: warehouse.Station, Parent: "51010"},
		{Code: "PT-1", Name: "点", Kind: warehouse.Point, Parent: "ST-1"},
		{Code: "PT-2", Name: "点", Kind: warehouse.Point, Parent: "ST-2"},
	})
	w.must(err)
	_, err = w.keeper.Items.CreateMany(t.Context(), "x", []warehouse.Item{{Code: "QUILT", Name: "棉被", Unit: "床", Category: "quilt"}})
	w.must(err)
	_, err = w.keeper.Parties.CreateMany(t.Context(), "x", []warehouse.Party{
		{Code: "PT-1", Name: "与取暖点同名的供应商", Kind: warehouse.Supplier}, {Code: "GIVER", Name: "捐赠人", Kind: warehouse.Donor},
	})
	w.must(err)
	_, err = w.officer.Funds.CreateMany(t.Context(), "x", []fund.Fund{{Code: "F1", Name: "甲"}, {Code: "F2", Name: "乙"}})
	w.must(err)
	_, err = w.desk.Campaigns.CreateMany(t.Context(), "x", []campaign.Campaign{
		{Code: "COLD", Name: "寒潮", StartsOn: day("2024-01-01"), Actions: []campaign.Action{{Code: "patrol", Name: "巡查"}}},
	})
	w.must(err)
	return w
}

func day(s string) ledger.Date {
	d, err := ledger.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func number(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// post posts what a wing proposes.
func post[R any](w *world, build func(context.Context, ledger.By, R) (*ledger.Proposal, error), request R) ledger.Posted {
	w.t.Helper()
	w.n++
	p, err := build(w.t.Context(), ledger.By{Actor: "keeper", Key: fmt.Sprint(w.n)}, request)
	w.must(err)
	posted, err := w.book.Post(w.t.Context(), p)
	w.must(err)
	return posted
}

func (w *world) receive(location, fund string) {
	w.t.Helper()
	value := number("100")
	post(w, w.keeper.Receive, warehouse.Receipt{
		Location: location, Kind: warehouse.Purchase, Party: "PT-1", Fund: fund, On: day("2024-03-01"),
		Lines: []warehouse.ReceiptLine{{Item: "QUILT", Quantity: number("10"), Value: &value}},
	})
}

func (w *world) send(from, to, quantity string) string {
	w.t.Helper()
	return post(w, w.keeper.Dispatch, warehouse.Dispatch{
		From: from, To: to, On: day("2024-03-02"), Lines: []warehouse.DispatchLine{{Item: "QUILT", Quantity: number(quantity)}},
	}).Document
}

// winter books a little of everything.
func (w *world) winter() {
	w.t.Helper()
	post(w, w.officer.Contribute, fund.Contribution{Fund: "F1", Party: "GIVER", Bank: "MAIN", Amount: number("500"), Kind: "gift"})
	w.receive("ST-1", "F1")
	w.receive("ST-2", "F2")
	waybill := w.send("ST-1", "PT-1", "4")
	post(w, w.keeper.Arrive, warehouse.Arrival{Waybill: waybill, On: day("2024-03-03"), Lines: []warehouse.ArrivalLine{{Item: "QUILT", Quantity: number("4"), Outcome: warehouse.Good}}})
	post(w, w.keeper.HandOut, warehouse.Handout{Location: "PT-1", People: 1, Lines: []warehouse.HandoutLine{{Item: "QUILT", Quantity: number("1")}}})
	across := w.send("ST-1", "PT-2", "2")
	post(w, w.keeper.Arrive, warehouse.Arrival{Waybill: across, On: day("2024-03-03"), Lines: []warehouse.ArrivalLine{{Item: "QUILT", Quantity: number("2"), Outcome: warehouse.Refused, Reason: "closed"}}})
	activity := post(w, w.desk.Record, campaign.Activity{Campaign: "COLD", Action: "patrol", Location: "PT-2", Measures: []campaign.ActivityMeasure{{Measure: "patrol-staff", Quantity: number("3")}}})
	post(w, w.keeper.Reverse, ledger.Reversal{Entry: activity.Number, Reason: "counted twice"})
	post(w, w.keeper.HandOut, warehouse.Handout{Location: "PT-1", People: 1, Drill: true, Lines: []warehouse.HandoutLine{{Item: "QUILT", Quantity: number("1")}}})
}

// sees lists one column of a table as the scope sees it.
func (w *world) sees(s auth.Scope, query string) string {
	w.t.Helper()
	var seen []string
	w.must(s.Read(w.t.Context(), w.book.DB(), func(ctx context.Context, tx bun.Tx) error {
		return tx.NewRaw(query).Scan(ctx, &seen)
	}))
	return strings.Join(seen, " ")
}

func TestReadersSeeTheirScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.winter()
	const (
		entries   = "SELECT number::text FROM entries e ORDER BY e.number"
		accounts  = "SELECT account FROM cells ORDER BY account COLLATE \"C\", fund"
		locations = "SELECT code FROM locations ORDER BY code"
		funds     = "SELECT code FROM funds ORDER BY code"
		lots      = "SELECT lot FROM lots ORDER BY lot"
	)
	everything := [5]string{
		"1 2 3 4 5 6 7 8 9 10 11",
		"bank:MAIN handed-out:PT-1 income:GIVER stock:PT-1 stock:ST-1 stock:ST-2 supplier:PT-1 supplier:PT-1 transit:WB-ST-1-2024-00001 transit:WB-ST-1-2024-00002",
		"51 5101 51010 PT-1 PT-2 ST-1 ST-2", "F1 F2", "GR-ST-1-2024-00001.1 GR-ST-2-2024-00001.1",
	}
	for _, c := range []struct {
		name  string
		scope auth.Scope
		want  [5]string
	}{
		{"everything", scope([3]string{"auditor", "", ""}), everything},
		{"several grants", scope([3]string{"keeper", "/51/5101/ST-1/PT-1/", "F2"}, [3]string{"auditor", "", ""}), everything},
		{"a point", scope([3]string{"keeper", "/51/5101/ST-1/PT-1/", ""}), [5]string{
			"4 5 6 11", "handed-out:PT-1 stock:PT-1 transit:WB-ST-1-2024-00001", "PT-1", "F1 F2", "",
		}},
		{"the point that refused a truck", scope([3]string{"keeper", "/51/51010/ST-2/PT-2/", ""}), [5]string{
			"7 8 9 10", "transit:WB-ST-1-2024-00002", "PT-2", "F1 F2", "",
		}},
		{"a prefecture", scope([3]string{"coordinator", "/51/51010/", ""}), [5]string{
			"3 7 8 9 10", "stock:ST-2 transit:WB-ST-1-2024-00002", "51010 PT-2 ST-2", "F1 F2", "GR-ST-2-2024-00001.1",
		}},
		{"a prefecture whose code another begins with", scope([3]string{"coordinator", "/51/5101/", ""}), [5]string{
			"2 4 5 6 7 8 11", "handed-out:PT-1 stock:PT-1 stock:ST-1 transit:WB-ST-1-2024-00001 transit:WB-ST-1-2024-00002", "5101 PT-1 ST-1", "F1 F2", "GR-ST-1-2024-00001.1",
		}},
		{"a fund at a place", scope([3]string{"keeper", "/51/51010/", "F2"}), [5]string{
			"3 9 10", "stock:ST-2", "51010 PT-2 ST-2", "F2", "GR-ST-2-2024-00001.1",
		}},
		{"a fund everywhere", scope([3]string{"finance", "", "F2"}), [5]string{
			"3 9 10 11", "stock:ST-2 supplier:PT-1", "51 5101 51010 PT-1 PT-2 ST-1 ST-2", "F2", "GR-ST-2-2024-00001.1",
		}},
		{"a place that is not there", scope([3]string{"keeper", "/99/", ""}), [5]string{"", "", "", "F1 F2", ""}},
		{"nothing", auth.Scope{Book: 1}, [5]string{"", "", "", "", ""}},
		{"another book", auth.Scope{Book: 2, Grants: scope([3]string{"auditor", "", ""}).Grants}, [5]string{"", "", "", "", ""}},
	} {
		for i, query := range []string{entries, accounts, locations, funds, lots} {
			if got := w.sees(c.scope, query); got != c.want[i] {
				t.Errorf("%s: %s: %q, wanted %q", c.name, query, got, c.want[i])
			}
		}
	}
}

// Goods go through the assembly of a place on their way into a kit, to and fro: whoever sees the place and the fund sees both ways, and nobody else does.
func TestAssembliesAreSeenAtTheirPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.winter()
	_, err := w.keeper.Items.Create(t.Context(), "x", warehouse.Item{Code: "KIT", Name: "套件", Unit: "套", Category: "other"})
	w.must(err)
	kits := post(w, w.keeper.Assemble, warehouse.Assembly{
		Location: "ST-2", Item: "KIT", Quantity: number("2"), Fund: "F2", On: day("2024-03-04"), Lines: []warehouse.AssemblyLine{{Item: "QUILT", Quantity: number("1")}},
	})
	const (
		cells  = "SELECT DISTINCT c.account FROM cells c WHERE c.account LIKE 'assembly:%'"
		papers = "SELECT k.item || ' ' || l.item FROM kits k JOIN kit_lines l USING (book_id, number)"
	)
	for _, c := range []struct {
		name  string
		scope auth.Scope
		seen  bool
	}{
		{"everything", scope([3]string{"auditor", "", ""}), true},
		{"the station", scope([3]string{"keeper", "/51/51010/ST-2/", ""}), true},
		{"its prefecture", scope([3]string{"coordinator", "/51/51010/", ""}), true},
		{"the fund at the station", scope([3]string{"keeper", "/51/51010/ST-2/", "F2"}), true},
		{"the fund everywhere", scope([3]string{"finance", "", "F2"}), true},
		{"another fund at the station", scope([3]string{"keeper", "/51/51010/ST-2/", "F1"}), false},
		{"another fund everywhere", scope([3]string{"finance", "", "F1"}), false},
		{"a point below it", scope([3]string{"keeper", "/51/51010/ST-2/PT-2/", ""}), false},
		{"another prefecture", scope([3]string{"coordinator", "/51/5101/", ""}), false},
		{"nothing", auth.Scope{Book: 1}, false},
	} {
		for query, want := range map[string]string{
			cells: "assembly:ST-2", papers: "KIT QUILT", fmt.Sprintf("SELECT number::text FROM entries WHERE number = %d", kits.Number): fmt.Sprint(kits.Number),
		} {
			if !c.seen {
				want = ""
			}
			if got := w.sees(c.scope, query); got != want {
				t.Errorf("%s: %s: %q, wanted %q", c.name, query, got, want)
			}
		}
		room := report.Room{Book: w.book, Enter: c.scope.Enter}
		page, err := room.Entries(t.Context(), report.EntryQuery{Account: "assembly:ST-2"})
		if seen := err == nil && len(page.Entries) == 1 && len(page.Entries[0].Moves) == 2; seen != c.seen {
			t.Errorf("%s: the entries of the assembly are %+v, %v", c.name, page, err)
		}
	}
}

// A figure of the reading room is made of what its reader may see, and the entries that it opens to are those.
func TestReportsAreScoped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.winter()
	room := report.Room{Book: w.book, Enter: scope([3]string{"keeper", "/51/5101/ST-1/PT-1/", ""}).Enter}
	stock, err := room.Stock(t.Context(), report.StockQuery{})
	w.must(err)
	if len(stock.Lines) != 1 || stock.Lines[0].Quantity != "3" || stock.Value != "30.00" {
		t.Errorf("stock of a point: %+v", stock)
	}
	if _, err := room.Card(t.Context(), report.CardQuery{Location: "ST-1", Item: "QUILT"}); err == nil || err.Error() != `location "ST-1" is not in the register` {
		t.Errorf("a foreign card: %v", err)
	}
	card, err := room.Card(t.Context(), report.CardQuery{Location: "PT-1", Item: "QUILT"})
	if w.must(err); len(card.Lines) != 2 || card.Lines[0].Account != "transit:WB-ST-1-2024-00001" || card.Closing.Quantity != "3" {
		t.Errorf("its own card: %+v", card)
	}
	page, err := room.Entries(t.Context(), report.EntryQuery{})
	w.must(err)
	var moves []string
	for _, e := range page.Entries {
		for _, m := range e.Moves {
			moves = append(moves, fmt.Sprintf("%d %s %s", e.Number, m.From, m.To))
		}
	}
	if want := []string{
		"4 stock:ST-1 transit:WB-ST-1-2024-00001", "5 transit:WB-ST-1-2024-00001 stock:PT-1", "6 stock:PT-1 handed-out:PT-1",
	}; !slices.Equal(moves, want) {
		t.Errorf("entries of a point move %q, wanted %q", moves, want)
	}
}

// What a register held when an entry was recorded is told also to who may not see that entry, and of the entry only when that was.
func TestPointsAreKnownAtAForeignEntry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.keeper.Locations.Create(t.Context(), "x", warehouse.Location{Code: "PT-3", Name: "点", Kind: warehouse.Point, Parent: "ST-1", OpensOn: day("2024-03-01")})
	w.must(err)
	w.winter() // of which the first entry is money
	room := report.Room{Book: w.book, Enter: scope([3]string{"keeper", "/51/5101/ST-1/", ""}).Enter}
	if page, err := room.Points(t.Context(), report.PointQuery{KnownAt: 1}); err != nil || len(page.Points) != 1 || page.Points[0].Code != "PT-3" {
		t.Errorf("points as known at an entry of others: %+v, %v", page, err)
	}
	b, err := room.Bulletin(t.Context(), "COLD", report.BulletinQuery{Under: "ST-1", KnownAt: 1})
	w.must(err)
	if n := b.Figures[slices.IndexFunc(b.Figures, func(f report.BulletinFigure) bool { return f.Code == "points-opened" })].Quantity; n != "1" {
		t.Errorf("%s points opened", n)
	}
}

// A transaction that works as the scoped role and forgot to say for whom sees nothing and changes nothing.
func TestWithoutAScopeThereIsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.winter()
	tables := scopedTables(t, w)
	as := func(scope, statement string) (n int, err error) {
		err = w.book.DB().RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
			if scope != "unset" {
				if _, err := tx.ExecContext(ctx, "SELECT set_config('app.scope', ?, true)", scope); err != nil {
					return err
				}
			}
			if _, err := tx.ExecContext(ctx, "SET LOCAL ROLE relief_scoped"); err != nil {
				return err
			}
			return tx.NewRaw(statement).Scan(ctx, &n)
		})
		return n, err
	}
	for _, table := range tables {
		for _, scope := range []string{"unset", "", "{}", `{"book":1}`, `{"book":1,"grants":[]}`, `{"grants":[{}]}`, `{"book":7,"grants":[{}]}`} {
			open := scope == `{"book":1}` || scope == `{"book":1,"grants":[]}`
			if open && slices.Contains([]string{"books", "heads", "commodities", "items", "parties", "campaigns", "register_history", "closes", "cell_names"}, table) {
				continue // what everybody in the book may know
			}
			if n, err := as(scope, "SELECT count(*) FROM "+table); err != nil || n != 0 {
				t.Errorf("%s with scope %s: %d rows, %v", table, scope, n, err)
			}
		}
		if _, err := as("nonsense", "SELECT count(*) FROM "+table); err == nil {
			t.Errorf("%s with a scope that is none: no error", table)
		}
	}
	for _, closed := range []string{"tokens", "actors", "grants", "tallies", "checkpoints", "tree_nodes", "registers"} {
		if _, err := as(`{"book":1,"grants":[{}]}`, "SELECT count(*) FROM "+closed); pg.Code(err) != "42501" {
			t.Errorf("%s is open to readers: %v", closed, err)
		}
	}
	if _, err := as(`{"book":1,"grants":[{}]}`, "INSERT INTO locations SELECT * FROM locations RETURNING 1"); pg.Code(err) != "42501" {
		t.Errorf("a reader writes: %v", err)
	}
	// The next transaction on the same connection is the server's own again.
	var n int
	if err := w.book.DB().NewRaw("SELECT count(*) FROM entries").Scan(t.Context(), &n); err != nil || n != 11 {
		t.Errorf("the server sees %d entries, %v", n, err)
	}
}

// scopedTables are the tables and views that a scoped reader may look at. Every table of documents must be one of them.
func scopedTables(t *testing.T, w *world) (tables []string) {
	t.Helper()
	err := w.book.DB().NewRaw(`SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
		AND has_table_privilege('relief_scoped', oid, 'SELECT') AND relname <> 'migrations' ORDER BY 1`).Scan(t.Context(), &tables)
	w.must(err)
	var bare []string
	w.must(w.book.DB().NewRaw(`SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
		AND (EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'number' AND c.relname NOT IN ('heads', 'commodities'))
			OR has_table_privilege('relief_scoped', c.oid, 'SELECT')) AND c.relname <> 'migrations'
		AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'scope' AND c.relrowsecurity) ORDER BY 1`).Scan(t.Context(), &bare))
	if len(bare) > 0 {
		t.Errorf("%q stand under no policy: their migration lacks SELECT scoped('…')", bare)
	}
	return tables
}
