package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) claims(a huma.API) {
	posting(d, a, auth.Pay, "/v1/claims", "settle-claim", "Settle a claim",
		"Records how a carrier, or its insurer, settles for goods that did not arrive: what it pays becomes the fund's money, what it does not pay stays lost.",
		d.Officer.SettleClaim)
}
