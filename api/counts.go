package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/warehouse"
)

func (d *Door) counts(a huma.API) {
	posting(d, a, auth.Count, "/v1/counts", "count-goods", "Count goods",
		"Reports what was found in stock at a location, in whole or of some items, and holds it against what the book held there at the end of that day. "+
			"Nothing moves until another person approves the differences; a count without any is done.",
		d.Keeper.Count)
	document(a, "/v1/counts", "read-count", "Read a count", "Reads a count with what was held and found of every lot, and its approval.", d.Keeper.CountNote)
	postingTo(d, a, auth.ApproveCount, "/v1/counts/{document}/approval", "approve-count", "Approve the differences of a count",
		"Books what a count found missing as lost and what it found over as found, at the cost of the goods that are there. The one who reported it may not approve it. "+
			"It is refused where goods that it missed have left since.",
		"count", func(b *warehouse.CountApproval) *string { return &b.Count }, d.Keeper.ApproveCount)
	documents(d, a, "/v1/counts", "counts", d.room().Counts)
}
