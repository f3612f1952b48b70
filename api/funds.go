package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) funds(a huma.API) {
	records(d, a, auth.KeepFunds, "fund", "funds", d.Officer.Funds)
}
