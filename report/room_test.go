package report_test

import (
	"errors"
	"testing"

	"reliefledger/ledger"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// Days that end before they begin have no figures: every report refuses them in the same words.
func TestDaysInOrder(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	from, to := day("2024-12-01"), day("2024-01-01")
	for name, ask := range map[string]func() error{
		"statement": func() error {
			_, err := h.FundStatement(t.Context(), "F1", report.StatementQuery{From: from, To: to})
			return err
		},
		"trial balance": func() error { _, err := h.TrialBalance(t.Context(), report.TrialQuery{From: from, To: to}); return err },
		"card": func() error {
			_, err := h.Card(t.Context(), report.CardQuery{Location: "WH", Item: "QUILT", From: from, To: to})
			return err
		},
		"entries": func() error { _, err := h.Entries(t.Context(), report.EntryQuery{From: from, To: to}); return err },
		"points":  func() error { _, err := h.Points(t.Context(), report.PointQuery{From: from, To: to}); return err },
		"bulletin": func() error {
			_, err := h.Bulletin(t.Context(), "COLD", report.BulletinQuery{From: from, To: to})
			return err
		},
		"budgets": func() error {
			_, err := h.Budgets(t.Context(), report.BudgetQuery{Pages: report.Pages{From: from, To: to}})
			return err
		},
	} {
		refused(t, name, ask(), ledger.Invalid, "/to", "to, 2024-01-01, lies before from, 2024-12-01")
	}
}

// A misspelt fund or item is no zero.
func TestNothingUnknownIsZero(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, ask := range map[string]func() error{
		"stock":         func() error { _, err := h.Stock(t.Context(), report.StockQuery{Fund: "NOPE"}); return err },
		"trial balance": func() error { _, err := h.TrialBalance(t.Context(), report.TrialQuery{Fund: "NOPE"}); return err },
		"agreement":     func() error { _, err := h.Agreement(t.Context(), report.AgreementQuery{Fund: "NOPE"}); return err },
		"card": func() error {
			_, err := h.Card(t.Context(), report.CardQuery{Location: "WH", Item: "QUILT", Fund: "NOPE"})
			return err
		},
		"budgets": func() error { _, err := h.Budgets(t.Context(), report.BudgetQuery{Fund: "NOPE"}); return err },
		"entries": func() error { _, err := h.Entries(t.Context(), report.EntryQuery{Fund: "NOPE"}); return err },
		"lots":    func() error { _, err := h.Lots(t.Context(), report.LotQuery{Fund: "NOPE"}); return err },
	} {
		refused(t, name, ask(), ledger.NotFound, "/fund", `fund "NOPE" is not in the register`)
	}
	_, err := h.Interfunds(t.Context(), report.InterfundQuery{Giver: "NOPE"})
	refused(t, "who gave", err, ledger.NotFound, "/giver", `fund "NOPE" is not in the register`)
	_, err = h.Interfunds(t.Context(), report.InterfundQuery{Giver: "F1", Taker: "NOPE"})
	refused(t, "who took", err, ledger.NotFound, "/taker", `fund "NOPE" is not in the register`)
	_, err = h.Stock(t.Context(), report.StockQuery{Item: "NOPE"})
	refused(t, "stock", err, ledger.NotFound, "/item", `item "NOPE" is not in the register`)
}

func refused(t *testing.T, name string, err error, code, pointer, message string) {
	t.Helper()
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) || refusal.Faults[0].Code != code || refusal.Faults[0].Pointer != pointer || refusal.Faults[0].Message != message {
		t.Errorf("%s: %v", name, err)
	}
}

// A parameter of which entries of the kind have nothing is refused: left alone it would list all of them, or none.
func TestEntriesRefuseWhatTheirKindHasNot(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct {
		query            report.EntryQuery
		pointer, message string
	}{
		{report.EntryQuery{Campaign: "COLD"}, "/campaign", `kind is "", one of activity, handout, payment wanted with campaign`},
		{report.EntryQuery{Kind: "request", Campaign: "COLD"}, "/campaign", `kind is "request", one of activity, handout, payment wanted with campaign`},
		{report.EntryQuery{Kind: "receipt", Fund: "F1", Action: "patrol"}, "/action", `kind is "receipt", one of activity, handout, payment wanted with action`},
		{report.EntryQuery{Measure: "visits"}, "/measure", `kind is "", one of activity wanted with measure`},
		{report.EntryQuery{Kind: "handout", Measure: "visits"}, "/measure", `kind is "handout", one of activity wanted with measure`},
		{report.EntryQuery{Kind: "handout", Payment: "charity"}, "/payment", `kind is "handout", one of payment wanted with payment`},
		{report.EntryQuery{Kind: "payment", Category: "quilt"}, "/item_category", `kind is "payment", another one wanted with item_category`},
		{report.EntryQuery{Kind: "payment", Unit: "床"}, "/unit", `kind is "payment", another one wanted with unit`},
		{report.EntryQuery{Kind: "activity", Source: "in-kind"}, "/source", `kind is "activity", another one wanted with source`},
		{report.EntryQuery{Kind: "activity", Class: "stock"}, "/class", `kind is "activity", another one wanted with class`},
		{report.EntryQuery{Kind: "activity", Account: "stock:WH"}, "/account", `kind is "activity", another one wanted with account`},
		{report.EntryQuery{Kind: "activity", Fund: "F1"}, "/fund", `kind is "activity", another one wanted with fund`},
		{report.EntryQuery{Kind: "activity", Item: "QUILT"}, "/item", `kind is "activity", another one wanted with item`},
		{report.EntryQuery{Kind: "activity", Lot: "L"}, "/lot", `kind is "activity", another one wanted with lot`},
	} {
		_, err := h.Entries(t.Context(), c.query)
		refused(t, c.message, err, ledger.Invalid, c.pointer, c.message)
	}
}

func TestEntriesOfAUnit(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.receive(warehouse.Purchase, "2024-01-02", "F1", "QUILT", "2", "200.00")
	h.receive(warehouse.Purchase, "2024-01-02", "F1", "RICE", "5", "20.00")
	for kind, want := range map[string]int64{"": 2, "receipt": 2, "handout": 0} {
		page, err := h.Entries(t.Context(), report.EntryQuery{Kind: kind, Unit: "kg"})
		h.must(err)
		var got int64
		for _, e := range page.Entries {
			got += e.Number
		}
		if got != want {
			t.Errorf("%s entries of a unit are %+v", kind, page.Entries)
		}
	}
}

// A list as known at an entry does not know that a document was taken back later.
func TestListsDoNotKnowLaterReversals(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.receive(warehouse.Purchase, "2024-01-02", "F1", "QUILT", "2", "200.00")
	out := h.handOut("2024-01-11", "WH", "", "QUILT", "1").Number
	h.takeBack("2024-01-12", out)
	for known, reversed := range map[int64]bool{out: false, out + 1: true, 0: true} {
		page, err := h.Handouts(t.Context(), report.HandoutQuery{Pages: report.Pages{KnownAt: known}})
		h.must(err)
		if len(page.Documents) != 1 || page.Documents[0].Reversed != reversed {
			t.Errorf("as known at %d: %+v", known, page.Documents)
		}
	}
}
