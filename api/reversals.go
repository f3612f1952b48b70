package api

import (
	"context"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/ledger"
	"reliefledger/report"
)

func (d *Door) reversals(a huma.API) {
	posting(d, a, auth.Reverse, "/v1/reversals", "reverse-entry", "Reverse an entry",
		"Undoes an entry, once, with the same moves backwards at the very value that went out. It is refused where the goods or the money have gone on, and says where. "+
			"Only who may post an entry of that kind at its places may reverse it.",
		d.reverse)
	documents(d, a, "/v1/reversals", "reversals", d.room().Reversals)
	document(a, "/v1/reversals", "read-reversal", "Read a reversal", "Reads a reversal as it stands in the book.", d.room().Reversal)
}

// act is what posts entries of a kind: the operation, and what it does.
type act struct {
	verb      auth.Verb
	operation string
}

// postedBy says what posts entries of each kind. Whoever takes one back must be able to do as much; where two operations post the same kind, the
// one that needs no second person.
var postedBy = map[string]act{
	"receipt": {auth.Receive, "receive-goods"},
	"request": {auth.Ask, "ask-for-goods"}, "request-closing": {auth.Ask, "close-request"},
	"reservation": {auth.Reserve, "reserve-goods"}, "release": {auth.Reserve, "release-goods"},
	"dispatch": {auth.Transfer, "dispatch-goods"}, "arrival": {auth.Transfer, "arrive-goods"}, "recall": {auth.Transfer, "recall-goods"},
	"close-short": {auth.Transfer, "close-transfer-short"}, "close-short-proposal": {auth.Transfer, "propose-short-closing"},
	"handout": {auth.HandOut, "hand-out-goods"}, "handout-return": {auth.HandOut, "take-back-goods"},
	"write-off-proposal": {auth.WriteOff, "propose-write-off"}, "write-off": {auth.ApproveWriteOff, "approve-write-off"},
	"count": {auth.Count, "count-goods"}, "count-approval": {auth.ApproveCount, "approve-count"},
	"assembly": {auth.Assemble, "assemble-kits"}, "point-closing": {auth.ClosePoint, "close-point"}, "activity": {auth.Record, "record-activity"},
	"contribution": {auth.Pay, "record-contribution"}, "budget": {auth.Pay, "plan-budget"}, "budget-change": {auth.Pay, "change-budget"},
	"purchase": {auth.Pay, "order-goods"}, "purchase-closing": {auth.Pay, "close-purchase"}, "invoice": {auth.Pay, "record-invoice"}, "freight": {auth.Pay, "record-freight"},
	"payment": {auth.Pay, "pay"}, "interfund": {auth.Pay, "use-another-fund"}, "claim": {auth.Pay, "settle-claim"},
	"bank-statement": {auth.Pay, "record-bank-statement"}, "bank-match": {auth.Pay, "match-bank-lines"},
	// These are never taken back, and the book says why.
	"reversal": {verb: auth.Reverse}, "close": {verb: auth.Reverse}, "reopen": {verb: auth.Reverse}, "reopen-proposal": {verb: auth.Reverse},
}

// reverse asks twice what the sender reaches: by what lets it reverse, and by what lets it post an entry of that kind.
func (d *Door) reverse(ctx context.Context, by ledger.By, r ledger.Reversal) (*ledger.Proposal, error) {
	entry, err := d.Book.Entry(ctx, r.Entry)
	if err != nil {
		return nil, ledger.At("/entry", err)
	}
	v := visitOf(ctx)
	posting, known := postedBy[entry.Kind]
	if !known {
		return nil, forbid(v.scope, posting.verb)
	}
	if v.scope, err = within(v.scope, posting.verb, posting.operation); err != nil {
		return nil, err
	}
	v.scope = v.scope.Narrow(posting.verb)
	if err := d.reachesGrounds(ctx, v.scope, entry); err != nil {
		return nil, err
	}
	return d.Keeper.Reverse(ctx, by, r)
}

// reachesGrounds refuses to undo an entry at places where its sender could not have posted it, in the words of a place that is not there.
func (d *Door) reachesGrounds(ctx context.Context, s auth.Scope, entry ledger.Entry) error {
	if s.Whole(auth.Reverse) {
		return nil
	}
	stands, err := report.Room{Book: d.Book}.Grounds(ctx, entry)
	if err != nil {
		return err
	}
	refusal := &ledger.Refusal{}
	for _, g := range stands {
		if g.Whole && s.Covers(auth.Reverse, g.Path, "") || !g.Whole && s.Reaches(auth.Reverse, g.Path, g.Fund) {
			continue
		}
		fault := ledger.Fault{
			Code: ledger.NotFound, Pointer: "/entry", Location: g.Location, Fund: g.Fund,
			Message: fmt.Sprintf("location %.80q is not in the register", g.Location),
			Hint:    "have it undone by somebody who may post such an entry there",
		}
		if g.Fund != "" {
			fault.Message = fmt.Sprintf("location %.80q is not in the register for fund %s", g.Location, g.Fund)
		}
		refusal.Faults = append(refusal.Faults, fault)
	}
	if len(refusal.Faults) == 0 {
		return nil
	}
	return refusal
}
