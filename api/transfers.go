package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/warehouse"
)

func (d *Door) transfers(a huma.API) {
	posting(d, a, auth.Transfer, "/v1/transfers", "dispatch-goods", "Dispatch goods",
		"Sends goods from one location to another, first expired first out unless a lot or a fund is named. The document is the waybill; "+
			"the goods stand in transit until they arrive, are recalled or are closed short.",
		d.Keeper.Dispatch)
	document(a, "/v1/transfers", "read-transfer", "Read a waybill", "Reads a waybill as it stands: what was sent, what became of it, and what is still in transit.", d.Keeper.Waybill)
	postingTo(d, a, auth.Transfer, "/v1/transfers/{document}/arrivals", "arrive-goods", "Receive a part or all of a waybill",
		"Says what became of goods on a waybill: good, damaged, short, over or refused. A waybill may arrive in several parts. "+
			"Receiving anything twice is refused by what is left in transit.",
		"waybill", func(b *warehouse.Arrival) *string { return &b.Waybill }, d.Keeper.Arrive)
	postingTo(d, a, auth.Transfer, "/v1/transfers/{document}/recall", "recall-goods", "Recall what is left of a waybill",
		"Takes back to the sender whatever is still in transit: called back on the way, or refused at the door.",
		"waybill", func(b *warehouse.Recall) *string { return &b.Waybill }, d.Keeper.Recall)
	postingTo(d, a, auth.Transfer, "/v1/transfers/{document}/close-short", "close-transfer-short", "Give up what is left of a waybill",
		"Says that what is still in transit will not arrive: it is lost, or the carrier owes it.",
		"waybill", func(b *warehouse.CloseShort) *string { return &b.Waybill }, d.Keeper.CloseShort)
	documents(d, a, "/v1/transfers", "transfers", d.room().Transfers)
}
