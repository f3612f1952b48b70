package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/ledger"
)

func (d *Door) reversals(a huma.API) {
	posting(d, a, auth.Reverse, "/v1/reversals", "reverse-entry", "Reverse an entry",
		"Undoes an entry, once, with the same moves backwards at the very value that went out. It is refused where the goods or the money have gone on, and says where. "+
			"Only who may post an entry of that kind may reverse it.",
		d.reverse)
	documents(d, a, "/v1/reversals", "reversals", d.room().Reversals)
	document(a, "/v1/reversals", "read-reversal", "Read a reversal", "Reads a reversal as it stands in the book.", d.room().Reversal)
}

// postedBy says who may post entries of a kind: the same may take them back.
var postedBy = map[string]auth.Verb{
	"receipt": auth.Receive, "request": auth.Ask, "request-closing": auth.Ask, "reservation": auth.Reserve, "release": auth.Reserve, "dispatch": auth.Transfer, "arrival": auth.Transfer, "recall": auth.Transfer, "close-short": auth.Transfer,
	"close-short-proposal": auth.Transfer, "handout": auth.HandOut, "handout-return": auth.HandOut, "write-off-proposal": auth.WriteOff,
	"write-off": auth.ApproveWriteOff, "count": auth.Count, "count-approval": auth.ApproveCount, "assembly": auth.Assemble, "point-closing": auth.ClosePoint, "contribution": auth.Pay, "purchase": auth.Pay, "budget": auth.Pay, "budget-change": auth.Pay, "bank-statement": auth.Pay, "bank-match": auth.Pay,
	"purchase-closing": auth.Pay, "invoice": auth.Pay, "freight": auth.Pay,
	"payment": auth.Pay, "interfund": auth.Pay, "claim": auth.Pay, "activity": auth.Record,
	// These are never taken back, and the book says why.
	"reversal": auth.Reverse, "close": auth.Reverse, "reopen": auth.Reverse, "reopen-proposal": auth.Reverse,
}

// reverse asks twice what the sender reaches: by what lets it reverse, and by what lets it post an entry of that kind.
func (d *Door) reverse(ctx context.Context, by ledger.By, r ledger.Reversal) (*ledger.Proposal, error) {
	entry, err := d.Book.Entry(ctx, r.Entry)
	if err != nil {
		return nil, err
	}
	v := visitOf(ctx)
	verb, known := postedBy[entry.Kind]
	if !known || !v.scope.Allows(verb) {
		return nil, forbid(v.scope, verb)
	}
	v.scope = v.scope.Narrow(verb)
	return d.Keeper.Reverse(ctx, by, r)
}
