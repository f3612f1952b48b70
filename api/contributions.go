package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) contributions(a huma.API) {
	posting(d, a, auth.Pay, "/v1/contributions", "record-contribution", "Record a contribution",
		"Takes in money for a fund: a grant under an agreement, or a gift.",
		d.Officer.Contribute)
	documents(d, a, "/v1/contributions", "contributions", d.room().Contributions)
	document(a, "/v1/contributions", "read-contribution", "Read a contribution", "Reads a contribution as it stands in the book.", d.room().Contribution)
}
