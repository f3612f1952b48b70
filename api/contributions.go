package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) contributions(a huma.API) {
	posting(d, a, auth.Pay, "/v1/contributions", "record-contribution", "Record a contribution",
		"Takes in money for a fund: a grant under an agreement, or a gift.",
		d.Officer.Contribute)
}
