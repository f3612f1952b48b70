package api_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"reliefledger/api"
	"reliefledger/auth"
	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/internal/faultpg"
	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// library is a served book whose reads are heard on the wire and sent again by hand, so that PostgreSQL itself says what they looked at.
type library struct {
	*house
	proxy  *faultpg.Proxy
	again  *sql.Conn
	copies int
}

func newLibrary(t *testing.T) *library {
	t.Helper()
	l := &library{house: serve(t)}
	l.tell()
	l.seal()
	l.proxy = faultpg.New(t, pgtest.Of(t, l.book.DB()))
	db, err := pg.Open(l.proxy.DSN, pg.Options{Role: pgtest.Application})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	book := ledger.Open(db, l.book.Info, ledger.Options{Now: pgtest.Now})
	t.Cleanup(book.Close)
	heard := &api.Door{
		Book: book, Keeper: warehouse.NewKeeper(book, pgtest.Now), Officer: fund.NewOfficer(book, pgtest.Now), Desk: campaign.NewDesk(book, pgtest.Now),
		Keyring: auth.NewKeyring(db, book.ID, time.Now), Log: l.door.Log,
	}
	server := httptest.NewServer(heard.Handler())
	t.Cleanup(server.Close)
	l.url = server.URL

	plain, err := sql.Open("postgres", pgtest.Of(t, l.book.DB()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plain.Close() })
	if l.again, err = plain.Conn(t.Context()); err != nil {
		t.Fatal(err)
	}
	// A table of a few pages is read whole, whatever indexes it has; what is asked here is what a large one would do.
	l.send("SET enable_seqscan = off")
	l.send("SET ROLE " + pgtest.Application)
	return l
}

func (l *library) seal() {
	l.t.Helper()
	key, err := ledger.OpenKey(filepath.Join(l.t.TempDir(), "log.key"), l.book.Origin())
	if err != nil {
		l.t.Fatal(err)
	}
	if _, err := ledger.Seal(l.t.Context(), l.book.DB(), l.book.Info, key, pgtest.Now()); err != nil {
		l.t.Fatal(err)
	}
}

func (l *library) send(text string) {
	l.t.Helper()
	if _, err := l.again.ExecContext(context.Background(), text); err != nil {
		l.t.Fatalf("%v in %s", err, text)
	}
}

// growSQL writes the whole book down again under other names and behind what is there, once for each k: history that nobody asks for,
// in every table that grows with the book. What tells one part of it from another is shifted or renamed, the rest stays as it is.
const growSQL = `DO $$
DECLARE
    n bigint := (SELECT max(number) FROM entries WHERE key NOT LIKE '%%~%%');
    m bigint := (SELECT max(cell) FROM cells WHERE account NOT LIKE '%%~%%');
    t record;
BEGIN
    FOR t IN
        SELECT c.table_name AS name, string_agg(quote_ident(c.column_name), ', ' ORDER BY c.ordinal_position) AS columns,
            string_agg(CASE
                WHEN c.column_name IN ('number', 'reverses', 'proposal', 'handout', 'entry') THEN 'o.' || c.column_name || ' + k * ' || n
                WHEN c.column_name IN ('cell', 'from_cell', 'to_cell') THEN 'o.' || c.column_name || ' + k * ' || m
                WHEN c.column_name IN ('key', 'document', 'account', 'location', 'from_location', 'to_location', 'waybill', 'request', 'party', 'payee', 'carrier',
                    'receipt', 'claimed', 'lot', 'item', 'fund', 'budget', 'code', 'purchase', 'bank_line', 'from_fund', 'to_fund', 'bank', 'campaign', 'action', 'actor', 'pseudonym', 'reference')
                    OR c.column_name = 'name' AND c.table_name IN ('tallies', 'tally_changes')
                THEN 'CASE WHEN o.' || c.column_name || ' = '''' THEN '''' ELSE o.' || c.column_name || ' || ''~'' || k END'
                ELSE 'o.' || quote_ident(c.column_name) END, ', ' ORDER BY c.ordinal_position) AS shown,
            CASE WHEN bool_or(c.column_name = 'number') THEN 'o.number <= ' || n WHEN bool_or(c.column_name = 'cell') THEN 'o.cell <= ' || m
                ELSE 'o.name NOT LIKE ''%%~%%''' END AS first
        FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND table_type = 'BASE TABLE' AND c.table_name = ANY (%s)
        GROUP BY c.table_name
    LOOP
        EXECUTE 'INSERT INTO ' || t.name || ' (' || t.columns || ') SELECT ' || t.shown || ' FROM ' || t.name || ' o, generate_series(%d, %d) k WHERE ' || t.first;
    END LOOP;
    UPDATE heads SET number = n * %d, cells = m * %d;
END $$; ANALYZE`

// growing is every table that grows with the book. The registers are not among them: an operation has as many places, items and
// funds as it has, however long it goes on.
var growing = []string{
	"entries", "moves", "cells", "past_days", "commodities", "tallies", "tally_changes",
	"activities", "arrivals", "bank_lines", "bank_matches", "bank_statements", "budget_changes", "budget_lines", "budgets", "claims", "closes", "contributions", "count_lines", "counts", "dispatches", "drill_lines", "freights", "fulfilments", "handout_returns", "handouts", "interfunds", "invoices", "kit_lines", "kits",
	"lots", "payments", "point_closings", "purchase_closings", "purchases", "receipts", "request_lines", "requests", "reservations", "reversals", "short_closings", "write_offs",
}

func (l *library) grow(copies int) {
	l.t.Helper()
	pgtest.Owner(l.t, l.book.DB()) // what is written here is good for plans alone: Verify has nothing to say about it
	l.send("RESET ROLE")
	l.send(fmt.Sprintf(growSQL, "'{"+strings.Join(growing, ",")+"}'", l.copies+1, copies, copies+1, copies+1))
	l.send("SET ROLE " + pgtest.Application)
	l.copies = copies
}

// question is one read of the API.
type question struct{ operation, parameter, path string }

func (q question) String() string { return strings.TrimSpace(q.operation + " " + q.parameter) }

// statements are what the API sends to answer.
func (l *library) statements(q question) (texts []string) {
	l.t.Helper()
	end := l.proxy.Record()
	a := l.call(auth.Administrator, "GET", q.path, "")
	if a.status != 200 && !strings.Contains(q.path, "/none") {
		l.t.Errorf("%s: GET %s: %d %s", q, q.path, a.status, a.body)
	}
	for _, m := range end() {
		switch m[0] {
		case 'Q':
			texts = append(texts, string(m[5:len(m)-1]))
		case 'P':
			l.t.Errorf("%s: %q has arguments of its own: this test does not hear it", q, m)
		}
	}
	return texts
}

// rows are how many rows of each growing table the statements read, whatever they answered.
func (l *library) rows(texts []string) map[string]int64 {
	l.t.Helper()
	read, open := map[string]int64{}, false
	for _, text := range texts {
		begins, ends := strings.HasPrefix(text, "BEGIN"), strings.HasPrefix(text, "COMMIT") || strings.HasPrefix(text, "ROLLBACK")
		if begins {
			l.send(text)
			l.count(read, -1)
			open = true
			continue
		}
		if !open {
			l.send("BEGIN")
			l.count(read, -1)
		}
		if !ends {
			l.send(text)
		}
		if !open || ends {
			l.count(read, 1)
			l.send("ROLLBACK")
			open = false
		}
	}
	return read
}

func (l *library) count(into map[string]int64, sign int64) {
	l.t.Helper()
	rows, err := l.again.QueryContext(context.Background(), "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables")
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			l.t.Fatal(err)
		}
		if slices.Contains(growing, name) {
			into[name] += sign * n
		}
	}
	if err := rows.Err(); err != nil {
		l.t.Fatal(err)
	}
}

type asked struct {
	Name     string `json:"name"`
	In       string `json:"in"`
	Required bool   `json:"required"`
	Example  any    `json:"example"`
	Schema   struct {
		Examples []any `json:"examples"`
		Enum     []any `json:"enum"`
		Items    struct {
			Enum []any `json:"enum"`
		} `json:"items"`
	} `json:"schema"`
}

// questions are every read of the contract, plain, with each of its parameters alone, and each that tells of when the book is with a date and an entry at once.
func (l *library) questions() (all []question) {
	l.t.Helper()
	contract := read[struct {
		Paths map[string]struct {
			Get *struct {
				ID         string  `json:"operationId"`
				Parameters []asked `json:"parameters"`
			} `json:"get"`
		} `json:"paths"`
	}](l.t, l.must("", "GET", "/openapi.json", ""))
	for path, methods := range contract.Paths {
		get := methods.Get
		noun, _, _ := strings.Cut(strings.TrimPrefix(path, "/v1/"), "/")
		if get == nil || !strings.HasPrefix(path, "/v1/") || slices.Contains(beside, noun) || path == "/v1/entries/feed" { // the feed never ends, and asks what the list of entries asks
			continue
		}
		required := url.Values{}
		for _, p := range get.Parameters {
			switch {
			case p.In == "path":
				path = strings.ReplaceAll(path, "{"+p.Name+"}", l.named(path, get.ID, p))
			case p.Name == "limit":
				required.Set(p.Name, "10") // a page much smaller than the smallest table
			case p.Required && p.In == "query":
				required.Set(p.Name, p.value(get.ID))
			}
		}
		all = append(all, question{get.ID, "", path + "?" + required.Encode()})
		for _, p := range get.Parameters {
			if p.In == "query" && !p.Required && !neutral[p.Name] {
				with := url.Values{p.Name: {p.value(get.ID)}}
				if kind := kindWith[p.Name]; kind != "" && get.ID == "list-entries" {
					with.Set("kind", kind)
				}
				all = append(all, question{get.ID, p.Name, path + "?" + with.Encode() + "&" + required.Encode()})
			}
		}
		all = append(all, dated(get.ID, path+"?"+required.Encode(), get.Parameters)...)
	}
	slices.SortFunc(all, func(a, b question) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// dated are the questions of a report that ask for a date as known at an entry, of all of it and of what each parameter narrows it to.
func dated(operation, path string, parameters []asked) (all []question) {
	has := func(name string) bool {
		return slices.ContainsFunc(parameters, func(p asked) bool { return p.Name == name && p.In == "query" })
	}
	if !strings.HasPrefix(operation, "read-") || !has("known_at") {
		return nil
	}
	for _, date := range []string{"as_of", "from", "to"} {
		if !has(date) {
			continue
		}
		both := path + "&known_at=20&" + date + "=2024-01-02"
		all = append(all, question{operation, "known_at", both})
		for _, p := range parameters {
			if p.In == "query" && (p.Name == "item" || p.Name == "lot") && !p.Required {
				all = append(all, question{operation, p.Name, both + "&" + p.Name + "=" + url.QueryEscape(p.value(operation))})
			}
		}
	}
	return all
}

// beside are the nouns that are kept beside the book: who may do what, and who is behind a pseudonym. They do not grow with it.
var beside = []string{"actors", "grants", "tokens", "sessions", "persons"}

// neutral parameters only say how much is shown and from where on, or that the answer may wait.
var neutral = map[string]bool{"limit": true, "wait": true, "after": true, "since": true}

// value is one that names something of the told story.
func (p asked) value(operation string) string {
	for _, name := range []string{operation + " " + p.Name, p.Name} {
		if v, told := storied[name]; told {
			return v
		}
	}
	for _, values := range [][]any{{p.Example}, p.Schema.Examples, p.Schema.Enum, p.Schema.Items.Enum} {
		if len(values) > 0 && values[0] != nil {
			return fmt.Sprint(values[0])
		}
	}
	return "X"
}

// storied are values where the example of the contract names nothing that the story tells.
var storied = map[string]string{
	"number": "5", "known_at": "20", "proposal": "5", "reverses": "5", "prove-consistency from": "5", "prove-consistency to": "20", "size": "20", "read-stock by": "location", "read-trial-balance by": "account",
}

// kindWith is the kind of entry that has what a parameter of their list narrows, where not all have it.
var kindWith = map[string]string{"campaign": "handout", "action": "handout", "measure": "activity", "payment": "payment"}

// coded are records of the story.
var coded = map[string]string{"items": "QUILT", "locations": "PT-0031", "parties": "S-01", "funds": "WINTER-23", "campaigns": "COLD-23"}

// named is what stands in a path: a record of the story, or the first document of its list.
func (l *library) named(path, operation string, p asked) string {
	noun := strings.Split(path, "/")[2]
	switch {
	case p.Name == "code":
		return coded[noun]
	case p.Name != "document":
		return p.value(operation)
	case noun == "short-closings":
		return "none" // they are listed as what two people decided
	case noun == "documents":
		noun = "receipts"
	}
	_, rest, found := strings.Cut(l.must(auth.Administrator, "GET", "/v1/"+noun+"?limit=1", "").body, `"document":"`)
	if !found {
		return "none" // the story has no such document
	}
	document, _, _ := strings.Cut(rest, `"`)
	return document
}

// searched are filters of lists that are looked for document by document in the order of entries, until the page is full. An index
// for each would be paid by every posting, and asked by an auditor a few times a year; with a place, the search stays at the place.
var searched = []string{
	"account", "act", "action", "actor", "bank", "campaign", "carrier", "claimed", "from", "fund", "giver", "item", "kind", "needed_until", "open", "party", "payee",
	"proposal", "pseudonym", "receipt", "reference", "sender", "state", "taker", "to", "under",
}

// whole are the questions about all that is in the book, or about all of a class, a place or a fund, with the reason.
var whole = map[string]string{
	"list-entries":             "a figure opens to the entries that it counted: it reads what it counts",
	"list-dual-controls":       "puts every proposal of one person beside what another answered: few beside a book, many in the story",
	"read-trial-balance":       "the sum of every account",
	"read-bank-reconciliation": "holds every line of an account against every entry that moved it",
	"read-agreement":           "compares every cell with every move, which is its whole point",
	"read-bulletin":            "counts what a campaign did, with all that undid it",
	"read-bulletin-text":       "the bulletin in words",
	"read-stock":               "the value of all that there is, which is a sum over its cells, and where goods on their way belong",
	"read-fund-statement":      "the sum of every account of a fund, and day buckets for its dates",
}

// allowed reports whether a question may read more when the book is larger.
func allowed(q question) bool {
	if whole[q.operation] != "" {
		return q.parameter != "account" && q.parameter != "lot" && q.parameter != "item" // these are look-ups whatever is around them
	}
	return strings.HasPrefix(q.operation, "list-") && slices.Contains(searched, q.parameter) ||
		q.operation == "list-payments" && q.parameter == "location" // money stands nowhere; the place says whom it was for
}

// TestBudgetOfReads: what a read looks at does not grow with the history that it does not ask about. Every read of the contract is
// answered on a book and on one four times as large, and PostgreSQL says how many rows of which table it read, nested functions included.
func TestBudgetOfReads(t *testing.T) {
	if racing {
		t.Skip("it looks at PostgreSQL, and the race detector would only make it slow")
	}
	t.Parallel()
	l := newLibrary(t)
	questions := l.questions()
	if len(questions) < 200 {
		t.Errorf("%d questions: the contract has more", len(questions))
	}
	little, texts := map[question]map[string]int64{}, map[question][]string{}
	l.grow(100)
	for _, q := range questions {
		texts[q] = l.statements(q)
		little[q] = l.rows(texts[q])
	}
	l.grow(400)
	for _, q := range questions {
		for table, n := range l.rows(texts[q]) {
			if before := little[q][table]; n > 2*before && n > 300 && !allowed(q) {
				t.Errorf("%s reads %d rows of %s, %d when the book was a quarter as large", q, n, table, before)
			}
		}
	}
}
