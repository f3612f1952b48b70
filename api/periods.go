package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/ledger"
)

// Consent is the agreement of a second person to a reopening.
type Consent struct {
	Proposal int64 `json:"proposal" minimum:"1" example:"60211" doc:"Number of the entry that proposes the reopening."`
}

func (d *Door) periods(a huma.API) {
	posting(d, a, auth.ClosePeriod, "/v1/periods/close", "close-period", "Close a period",
		"From then on no entry may be dated on or before the last day of the period. A correction of a closed period is a reversal dated after it.",
		func(_ context.Context, by ledger.By, c ledger.Close) (*ledger.Proposal, error) {
			return d.Book.ClosePeriod(by, c)
		})
	posting(d, a, auth.ClosePeriod, "/v1/periods/reopen-proposals", "propose-reopening", "Propose to reopen a period",
		"Asks that closed dates be opened again, with the reason. Nothing opens before another person agrees.",
		func(_ context.Context, by ledger.By, r ledger.Reopening) (*ledger.Proposal, error) {
			return d.Book.ProposeReopening(by, r)
		})
	posting(d, a, auth.ClosePeriod, "/v1/periods/reopen", "agree-to-reopening", "Agree to reopen a period",
		"Opens the closed dates that another person asked to open. The one who proposed it may not agree to it.",
		func(ctx context.Context, by ledger.By, g Consent) (*ledger.Proposal, error) {
			return d.Book.Reopen(ctx, by, g.Proposal)
		})
	documents(d, a, "/v1/periods", "periods", d.room().Periods)
}
