package report_test

import (
	"errors"
	"testing"

	"reliefledger/ledger"
	"reliefledger/report"
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
	} {
		refused(t, name, ask(), ledger.NotFound, "/fund", `fund "NOPE" is not in the register`)
	}
	_, err := h.Stock(t.Context(), report.StockQuery{Item: "NOPE"})
	refused(t, "stock", err, ledger.NotFound, "/item", `item "NOPE" is not in the register`)
}

func refused(t *testing.T, name string, err error, code, pointer, message string) {
	t.Helper()
	var refusal *ledger.Refusal
	if !errors.As(err, &refusal) || refusal.Faults[0].Code != code || refusal.Faults[0].Pointer != pointer || refusal.Faults[0].Message != message {
		t.Errorf("%s: %v", name, err)
	}
}
