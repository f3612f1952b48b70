package report

import (
	"context"

	"reliefledger/ledger"
)

// ActivityQuery says which activities are wanted.
type ActivityQuery struct {
	Pages
	Campaign string `query:"campaign" maxLength:"80" column:"d.campaign" doc:"Campaign it belongs to." example:"COLD-23"`
	Action   string `query:"action" maxLength:"80" column:"d.action" doc:"Action of the campaign." example:"PATROL"`
	Location string `query:"location" maxLength:"80" column:"d.location" doc:"Where it was done." example:"ST-5101-01"`
	Under    string `query:"under" maxLength:"80" column:"d.location" doc:"Root of a subtree of locations." example:"5101"`
}

// ActivityHead is an activity as it stands in the book.
type ActivityHead struct {
	Listed
	Campaign string          `json:"campaign" doc:"Campaign it belongs to." example:"COLD-23"`
	Action   string          `json:"action" doc:"Action of the campaign." example:"PATROL"`
	Location string          `json:"location" doc:"Where it was done." example:"ST-5101-01"`
	Drill    bool            `json:"drill" doc:"It was a drill and never counts."`
	Measures []MeasureNumber `json:"measures" bun:"type:jsonb" column:"(SELECT json_agg(json_build_object('measure', l.measure, 'unit', l.unit, 'quantity', trim_scale(l.quantity)::text) ORDER BY l.line) FROM activities l WHERE l.book_id = d.book_id AND l.number = d.number)" doc:"What was done, by measure."`
}

// MeasureNumber is one number of an activity.
type MeasureNumber struct {
	Measure  string `json:"measure" doc:"What is counted." example:"patrol-staff"`
	Unit     string `json:"unit" doc:"What it is counted in." example:"person-times"`
	Quantity Number `json:"quantity" doc:"How many." example:"12"`
}

// Activities lists activities.
func (r Room) Activities(ctx context.Context, q ActivityQuery) (DocumentPage[ActivityHead], error) {
	return list[ActivityQuery, ActivityHead](ctx, r, "activities", q)
}

// Activity reads one activity, or refuses with NotFound.
func (r Room) Activity(ctx context.Context, document string) (ActivityHead, error) {
	return one[ActivityHead](ctx, r, "activities", "activity", document)
}

// ReversalQuery says which reversals are wanted.
type ReversalQuery struct {
	Pages
	Reverses int64 `query:"reverses" minimum:"0" column:"d.reverses" doc:"Number of the entry that was undone." example:"5120"`
}

// ReversalHead is a reversal as it stands in the book.
type ReversalHead struct {
	Listed
	Reverses int64  `json:"reverses" doc:"Number of the entry that was undone." example:"5120"`
	Undone   string `json:"undone" column:"(SELECT coalesce(o.document, '') FROM entries o WHERE o.book_id = d.book_id AND o.number = d.reverses)" doc:"Document of that entry." example:"HO-PT-0031-2023-00233"`
	Reason   string `json:"reason" doc:"Why it was undone."`
}

// Reversals lists reversals.
func (r Room) Reversals(ctx context.Context, q ReversalQuery) (DocumentPage[ReversalHead], error) {
	return list[ReversalQuery, ReversalHead](ctx, r, "reversals", q)
}

// Reversal reads one reversal, or refuses with NotFound.
func (r Room) Reversal(ctx context.Context, document string) (ReversalHead, error) {
	return one[ReversalHead](ctx, r, "reversals", "reversal", document)
}

// PeriodQuery says which acts on periods are wanted.
type PeriodQuery struct {
	Pages
	Act      string `query:"act" enum:"close,propose-reopen,reopen" column:"d.act" doc:"What was done."`
	Proposal int64  `query:"proposal" minimum:"0" column:"d.proposal" doc:"Entry number of the proposal that a reopening agrees to."`
}

// PeriodHead is a close, the proposal of a reopening, or a reopening, as it stands in the book.
type PeriodHead struct {
	Listed
	Act         string      `json:"act" enum:"close,propose-reopen,reopen" doc:"What was done."`
	ClosedUntil ledger.Date `json:"closed_until,omitzero" required:"false" doc:"Last day that is closed after it; absent when nothing is."`
	Reason      string      `json:"reason" doc:"Why."`
	Proposal    int64       `json:"proposal,omitempty" column:"coalesce(d.proposal, 0)" doc:"Entry number of the proposal that a reopening agrees to."`
}

// Periods lists closes and reopenings.
func (r Room) Periods(ctx context.Context, q PeriodQuery) (DocumentPage[PeriodHead], error) {
	return list[PeriodQuery, PeriodHead](ctx, r, "closes", q)
}
