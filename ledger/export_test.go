package ledger_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// exportedWorld posts every shape of entry that an export must carry: goods with decimals, money, value alone, quantity alone, two funds,
// a reversal, and an entry without moves.
func exportedWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	rice := ledger.Commodity{Item: "RICE-5", Lot: "L3"}
	leaflet := ledger.Commodity{Item: "LEAFLET", Lot: "L4"}
	w.post(receive(w.key(), day("2024-01-02"), quilt, "stock:A", "3", "100.00"))
	w.post(take(w.key(), day("2024-01-05"), quilt, "stock:A", "handed-out:A", "1"))
	w.post(w.moves("grant", "2024-01-03", ledger.Move{From: "income:PROVINCE", To: "bank:ICBC", Fund: "F1", Commodity: w.Money(), Quantity: dec("500.5"), Value: dec("500.5")},
		ledger.Move{From: "income:PROVINCE", To: "bank:ICBC", Fund: "F2", Commodity: w.Money(), Quantity: dec("20"), Value: dec("20")}))
	w.post(w.brings(ledger.Lot{Commodity: rice, Decimals: 3, Received: day("2024-01-04"), Expires: day("2025-01-04")},
		ledger.Move{From: "donor:D", To: "stock:A", Fund: "F2", Commodity: rice, Quantity: dec("12.5"), Value: dec("62.5")}))
	w.post(w.brings(ledger.Lot{Commodity: leaflet, Received: day("2024-01-04")},
		ledger.Move{From: "donor:D", To: "stock:A", Fund: "F2", Commodity: leaflet, Quantity: dec("1000"), Value: dec("0")}))
	w.post(w.moves("freight", "2024-01-06", ledger.Move{From: "landed:R", To: "stock:A", Fund: "F1", Commodity: quilt, Quantity: dec("0"), Value: dec("8.01")}))
	undo, err := w.Reverse(t.Context(), ledger.By{Actor: "keeper", Key: w.key()}, ledger.Reversal{Entry: 6, Reason: "not <ours> & \"theirs\""})
	if err != nil {
		t.Fatal(err)
	}
	w.post(undo)
	shut, err := w.ClosePeriod(ledger.By{Actor: "finance", Key: w.key()}, ledger.Close{Until: day("2024-01-31"), Reason: "January agreed"})
	if err != nil {
		t.Fatal(err)
	}
	w.post(shut)
	return w
}

func (w *world) moves(kind, on string, moves ...ledger.Move) *ledger.Proposal {
	p := &ledger.Proposal{Header: ledger.Header{Kind: kind, On: day(on), Actor: "finance", Key: w.key()}}
	for _, m := range moves {
		p.Needs.Groups = append(p.Needs.Groups, ledger.Group{Account: m.From, Item: m.Item}, ledger.Group{Account: m.To, Item: m.Item})
	}
	p.Compose = func(d *ledger.Draft) error {
		for _, m := range moves {
			if err := d.Move(m); err != nil {
				return err
			}
		}
		return nil
	}
	return p
}

func (w *world) brings(lot ledger.Lot, m ledger.Move) *ledger.Proposal {
	p := w.moves("receipt", lot.Received.String(), m)
	compose := p.Compose
	p.Compose = func(d *ledger.Draft) error {
		d.NewLot(lot)
		return compose(d)
	}
	return p
}

func TestExportLines(t *testing.T) {
	w := exportedWorld(t)
	var out bytes.Buffer
	if err := ledger.ExportLines(t.Context(), w.DB(), w.Info, &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	leaf := regexp.MustCompile(`"leaf":"[^"]{44}"`)
	for i, want := range map[int]string{
		0: `{"book":"TEST","name":"Test book","time_zone":"Asia/Shanghai","currency":"CNY","decimals":2}`,
		2: `{"number":2,"kind":"handout","on":"2024-01-05","recorded_at":"2024-03-15T12:00:00Z","actor":"coordinator","key":"key-2","document":"HO-A-00001",` +
			`"content":{"from":"stock:A","quantity":"1"},"leaf":"","moves":[{"from":"stock:A","to":"handed-out:A","fund":"F1","item":"QUILT","lot":"L1","quantity":"1","value":"33.33"}]}`,
		4: `{"number":4,"kind":"receipt","on":"2024-01-04","recorded_at":"2024-03-15T12:00:00Z","actor":"finance","key":"key-4","content":{},"leaf":"",` +
			`"lots":[{"item":"RICE-5","lot":"L3","decimals":3,"expires_on":"2025-01-04","received_on":"2024-01-04"}],` +
			`"moves":[{"from":"donor:D","to":"stock:A","fund":"F2","item":"RICE-5","lot":"L3","quantity":"12.5","value":"62.5"}]}`,
		8: `{"number":8,"kind":"close","on":"2024-03-15","recorded_at":"2024-03-15T12:00:00Z","actor":"finance","key":"key-8",` +
			`"content":{"until":"2024-01-31","reason":"January agreed"},"leaf":"","moves":[],` +
			`"rows":[{"table":"closes","line":1,"values":{"act":"close","closed_until":"2024-01-31","proposal":null,"reason":"January agreed"}}]}`,
	} {
		if found := leaf.ReplaceAllString(lines[i], `"leaf":""`); found != want {
			t.Errorf("line %d is %s\nwant %s", i, found, want)
		}
	}
	if len(lines) != 9 {
		t.Errorf("%d lines, 9 wanted", len(lines))
	}
	for _, line := range lines[1:] {
		checkExportedLeaf(t, line)
	}
}

// checkExportedLeaf computes the leaf of an exported entry again, as somebody would who has only the export.
func checkExportedLeaf(t *testing.T, line string) {
	t.Helper()
	var e struct {
		ledger.Entry
		On         ledger.Date
		RecordedAt time.Time `json:"recorded_at"`
		Content    json.RawMessage
		Leaf       string
		Lots       []struct {
			Item, Lot string
			Decimals  int32
			Expires   ledger.Date `json:"expires_on"`
			Received  ledger.Date `json:"received_on"`
		}
		Rows []struct {
			Table  string
			Line   int
			Values map[string]*string
		}
	}
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		t.Fatal(err)
	}
	record := ledger.Record{Book: "TEST", Entry: e.Entry, ContentHash: sha256.Sum256(e.Content)}
	record.On, record.RecordedAt = e.On, e.RecordedAt
	for _, l := range e.Lots {
		record.Lots = append(record.Lots, ledger.Lot{
			Commodity: ledger.Commodity{Item: l.Item, Lot: l.Lot}, Decimals: l.Decimals, Expires: l.Expires, Received: l.Received,
		})
	}
	for _, row := range e.Rows {
		values := []*string{}
		for _, column := range map[string][]string{
			"closes": {"act", "closed_until", "reason", "proposal"}, "reversals": {"reverses", "reason"}, "tally_changes": {"name", "quantity", "value"},
		}[row.Table] {
			values = append(values, row.Values[column])
		}
		record.Rows = append(record.Rows, ledger.Row{Table: row.Table, Line: row.Line, Values: values})
	}
	if found := record.Leaf().String(); found != e.Leaf {
		t.Errorf("entry %d hashes to %s from its line: %s", e.Number, found, line)
	}
}

func TestExportHledger(t *testing.T) {
	w := exportedWorld(t)
	var out bytes.Buffer
	if err := ledger.ExportHledger(t.Context(), w.DB(), w.Info, &out); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/export.journal"
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || out.String() != string(want) {
		t.Errorf("journal differs from %s (%v):\n%s", golden, err, out.String())
	}

	totals := balanced(t, out.String())
	cells, err := ledger.Balances(t.Context(), w.DB(), w.Info, ledger.Selection{}, ledger.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	ours := map[string]decimal.Decimal{}
	for _, c := range cells {
		if c.Account.Class() == ledger.Stock {
			ours["Assets:Inventory CNY"] = ours["Assets:Inventory CNY"].Add(c.Value)
			ours["Assets:Qty "+c.Item] = ours["Assets:Qty "+c.Item].Add(c.Quantity)
		}
	}
	for name, amount := range ours {
		root, commodity, _ := strings.Cut(name, " ")
		if found := totals.under(root, commodity); !found.Equal(amount) {
			t.Errorf("%s of the journal is %s, the book holds %s", name, found, amount)
		}
	}
	if _, err := exec.LookPath("hledger"); err == nil {
		agreesWithHledger(t, out.Bytes(), totals)
	}
}

// journalTotals are the balances of a journal by account and commodity.
type journalTotals map[string]decimal.Decimal

func (j journalTotals) under(root, commodity string) decimal.Decimal {
	sum := decimal.Zero
	for name, amount := range j {
		if account, of, _ := strings.Cut(name, " "); of == commodity && (account == root || strings.HasPrefix(account, root+":")) {
			sum = sum.Add(amount)
		}
	}
	return sum
}

var posting = regexp.MustCompile(`^    (\S+)  (-?[0-9.]+) "?([A-Za-z0-9-]+)"?(?: = (-?[0-9.]+) "?([A-Za-z0-9-]+)"?)?(?:  ; lot:\S*)?$`)

// balanced reads a journal by hledger's own rules for the little of its format that the export uses: every transaction adds up
// to zero in every commodity, and every assertion holds.
func balanced(t *testing.T, journal string) journalTotals {
	t.Helper()
	totals, open, title := journalTotals{}, map[string]decimal.Decimal{}, ""
	lines := bufio.NewScanner(strings.NewReader(journal + "\n"))
	for lines.Scan() {
		line := lines.Text()
		if m := posting.FindStringSubmatch(line); m != nil {
			name := m[1] + " " + m[3]
			open[m[3]] = open[m[3]].Add(dec(m[2]))
			totals[name] = totals[name].Add(dec(m[2]))
			if m[4] != "" && (m[5] != m[3] || !totals[name].Equal(dec(m[4]))) {
				t.Errorf("%s: %s is %s, %s asserted", title, name, totals[name], m[4])
			}
			continue
		}
		if strings.HasPrefix(line, " ") {
			t.Errorf("line %q is no posting", line)
		}
		for commodity, rest := range open {
			if !rest.IsZero() {
				t.Errorf("%s: %s %s are left over", title, rest, commodity)
			}
		}
		clear(open)
		title = line
	}
	return totals
}

// agreesWithHledger lets hledger check the journal and compares every balance it reports.
func agreesWithHledger(t *testing.T, journal []byte, totals journalTotals) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.journal")
	if err := os.WriteFile(path, journal, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("hledger", "-f", path, "check").CombinedOutput(); err != nil {
		t.Fatalf("hledger check: %v\n%s", err, out)
	}
	out, err := exec.Command("hledger", "-f", path, "balance", "--flat", "--no-total", "--layout", "bare", "-O", "csv").Output()
	if err != nil {
		t.Fatalf("hledger balance: %v", err)
	}
	rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var theirs, ours []string
	for _, row := range rows[1:] {
		if amount := dec(row[2]); !amount.IsZero() {
			theirs = append(theirs, fmt.Sprintf("%s %s: %s", row[0], strings.Trim(row[1], `"`), amount))
		}
	}
	for name, amount := range totals {
		if !amount.IsZero() {
			ours = append(ours, fmt.Sprintf("%s: %s", name, amount))
		}
	}
	slices.Sort(theirs)
	slices.Sort(ours)
	if !slices.Equal(theirs, ours) {
		t.Errorf("hledger says:\n%s\nwe say:\n%s", strings.Join(theirs, "\n"), strings.Join(ours, "\n"))
	}
}
