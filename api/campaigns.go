package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) campaigns(a huma.API) {
	records(d, a, auth.KeepCampaigns, "campaign", "campaigns", d.Desk.Campaigns)
}
