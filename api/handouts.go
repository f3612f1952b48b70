package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/warehouse"
)

func (d *Door) handouts(a huma.API) {
	posting(d, a, auth.HandOut, "/v1/handouts", "hand-out-goods", "Hand out goods",
		"Gives goods to people at a location, first expired first out unless a lot or a fund is named; expired goods never leave. Nobody is named: people are counted, "+
			"or known by a pseudonym. An undo is a reversal of the entry.",
		d.Keeper.HandOut)
	bulkPosting(d, a, auth.HandOut, "/v1/handouts/bulk", "hand-out-goods-in-bulk", "Hand out goods many times",
		"Posts up to 5,000 handouts in one request, all or none or each by itself, and answers with a result for each line.",
		d.Keeper.HandOut)
	document(a, "/v1/handouts", "read-handout", "Read a handout", "Reads a handout with what it gave and what came back of it.", d.Keeper.HandoutNote)
	postingTo(d, a, auth.HandOut, "/v1/handouts/{document}/returns", "take-back-goods", "Take back a part of a handout",
		"Brings back goods of a handout at the very cost they left with. More than was handed out never comes back.",
		"handout", func(b *warehouse.HandoutReturn) *string { return &b.Handout }, d.Keeper.TakeBack)
	documents(d, a, "/v1/handouts", "handouts", d.room().Handouts)
}
