package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

func (d *Door) locations(a huma.API) {
	records(d, a, auth.KeepPlaces, "location", "locations", d.Keeper.Locations)
	huma.Register(a, d.postingOperation(auth.ClosePoint, "/v1/locations/{code}/closing", "close-point", "Close a temporary point",
		"Ends the life of a temporary point. It must hold nothing any more: send the rest back, or write it off first. Nothing moves into it afterwards."),
		func(ctx context.Context, in *struct {
			Sending
			Coded
			Body warehouse.PointClosing
		},
		) (*posted, error) {
			return d.postTo(ctx, in.Sending, in.Code, "location", &in.Body.Location, func() (any, *ledger.Proposal, error) {
				proposal, err := d.Keeper.ClosePoint(ctx, in.by(ctx), in.Body)
				return in.Body, proposal, err
			})
		})
}
