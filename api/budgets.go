package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/fund"
)

func (d *Door) budgets(a huma.API) {
	posting(d, a, auth.Pay, "/v1/budgets", "plan-budget", "Plan a budget",
		"Records what a fund is to be spent on: lines with amounts, and the days in which they are drawn on. Purchases, and payments that no invoice asks for, name a line; "+
			"what is asked above what is left of it is refused, unless the budget may be exceeded. It moves no money.",
		d.Officer.Plan)
	documents(d, a, "/v1/budgets", "budgets", d.room().Budgets)
	questionAbout(d, a, "/v1/budgets/{document}", "read-budget", "Read a budget",
		"Tells for each line what was planned, what purchases have committed, what invoices and payments have spent, and what is left, now or at the end of a date. Below zero is what was drawn above the plan.",
		d.room().Budget)
	postingTo(d, a, auth.Pay, "/v1/budgets/{document}/changes", "change-budget", "Change a budget",
		"Raises lines of a budget, lowers them by at most what is left, shifts from one to another, or adds new ones. The budget and its earlier changes stay as they are.",
		"budget", func(b *fund.BudgetChange) *string { return &b.Budget }, d.Officer.ChangeBudget)
}
