package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/warehouse"
)

func (d *Door) shortClosings(a huma.API) {
	posting(d, a, auth.Transfer, "/v1/short-closings", "propose-short-closing", "Propose to close a waybill short",
		"Proposes to give up what is still in transit of a waybill, above what one person alone may give up. Nothing moves before another person agrees.",
		d.Keeper.ProposeShort)
	document(a, "/v1/short-closings", "read-short-closing", "Read a proposal to close a waybill short", "Reads a proposal to close a waybill short, with its approval.", d.Keeper.ShortNote)
	postingTo(d, a, auth.ApproveShort, "/v1/short-closings/{document}/approval", "approve-short-closing", "Agree to close a waybill short",
		"Gives up the goods of a proposal: they are lost, or the carrier owes them. The one who proposed it may not agree to it.",
		"proposal", func(b *warehouse.ShortApproval) *string { return &b.Proposal }, d.Keeper.ApproveShort)
	documents(d, a, "/v1/short-closings", "short-closings", d.room().ShortClosings)
}
