package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) items(a huma.API) {
	records(d, a, auth.KeepPlaces, "item", "items", d.Keeper.Items)
}
