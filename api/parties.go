package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) parties(a huma.API) {
	records(d, a, auth.KeepPlaces, "party", "parties", d.Keeper.Parties)
}
