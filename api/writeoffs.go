package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/warehouse"
)

func (d *Door) writeOffs(a huma.API) {
	posting(d, a, auth.WriteOff, "/v1/write-offs", "propose-write-off", "Propose a write-off",
		"Takes damaged or expired goods out of use, into the quarantine of their location. They are written off when another person approves; a reversal of the proposal puts them back.",
		d.Keeper.ProposeWriteOff)
	document(a, "/v1/write-offs", "read-write-off", "Read a write-off", "Reads a write-off as it was proposed, with its approval.", d.Keeper.WriteOffNote)
	postingTo(d, a, auth.ApproveWriteOff, "/v1/write-offs/{document}/approval", "approve-write-off", "Approve a write-off",
		"Writes off the goods of a proposal, with the number of the disposal certificate. The one who proposed it may not approve it.",
		"proposal", func(b *warehouse.WriteOffApproval) *string { return &b.Proposal }, d.Keeper.ApproveWriteOff)
	documents(d, a, "/v1/write-offs", "write-offs", d.room().WriteOffs)
}
