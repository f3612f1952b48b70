package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/warehouse"
)

func (d *Door) requests(a huma.API) {
	posting(d, a, auth.Ask, "/v1/requests", "ask-for-goods", "Ask for goods",
		"Asks a warehouse, a station or a vehicle for goods that another location needs. Nothing moves: its keeper reserves what is there, and sends it on a waybill that names the request. "+
			"Who asks needs to reach only the location that the goods are for.",
		d.Keeper.Ask)
	document(a, "/v1/requests", "read-request", "Read a request",
		"Reads a request as it stands: what was asked, and what of it is reserved, dispatched and open; the goods that are reserved for it; and what was done for it.", d.Keeper.RequestNote)
	documents(d, a, "/v1/requests", "requests", d.room().Requests)
	postingTo(d, a, auth.Reserve, "/v1/requests/{document}/reservation", "reserve-goods", "Reserve goods for a request",
		"Sets goods of the location that was asked apart for the request: all that is open of it, or what the lines say, first expired first out. Expired goods are not taken. "+
			"Nobody else gets them until they are released. Where less is there than is wanted, every such line is refused, unless a part will do.",
		"request", func(b *warehouse.Reservation) *string { return &b.Request }, d.Keeper.Reserve)
	postingTo(d, a, auth.Reserve, "/v1/requests/{document}/release", "release-goods", "Release reserved goods",
		"Puts goods that are reserved for a request back into stock, all of them or what the lines say. They are open of the request again.",
		"request", func(b *warehouse.Release) *string { return &b.Request }, d.Keeper.Release)
	postingTo(d, a, auth.Ask, "/v1/requests/{document}/closing", "close-request", "Close a request",
		"Ends a request: what is still reserved for it is released, and nothing is reserved for it any more. Where goods are reserved, only somebody who reaches them may close it.",
		"request", func(b *warehouse.RequestClosing) *string { return &b.Request }, d.Keeper.CloseRequest)
}
