package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) claims(a huma.API) {
	posting(d, a, auth.Pay, "/v1/claims", "settle-claim", "Settle a claim",
		"Records how a carrier, or its insurer, settles for goods that did not arrive: what it pays becomes the fund's money, what it does not pay stays lost.",
		d.Officer.SettleClaim)
	documents(d, a, "/v1/claims", "claims", d.room().Claims)
	document(a, "/v1/claims", "read-claim", "Read the settlement of a claim", "Reads the settlement of a claim as it stands in the book.", d.room().Claim)
}
