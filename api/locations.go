package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/warehouse"
)

func (d *Door) locations(a huma.API) {
	records(a, auth.KeepPlaces, "location", "locations", d.Keeper.Locations)
	postingTo(d, a, auth.ClosePoint, "/v1/locations/{document}/closing", "close-point", "Close a temporary point",
		"Ends the life of a temporary point. It must hold nothing any more: send the rest back, or write it off first. Nothing moves into it afterwards.",
		"location", func(b *warehouse.PointClosing) *string { return &b.Location }, d.Keeper.ClosePoint)
}
