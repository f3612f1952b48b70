package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) kits(a huma.API) {
	posting(d, a, auth.Assemble, "/v1/kits", "assemble-kits", "Assemble kits",
		"Puts goods of one fund that are at a location together into kits, which become a lot there with exactly the cost of what went in, and with the earliest of its expiry dates. "+
			"What expires first goes in first, and nothing that has expired. Kits are taken apart by reversing the entry, as long as none of them has left.",
		d.Keeper.Assemble)
	document(a, "/v1/kits", "read-kits", "Read an assembly of kits", "Reads an assembly: the kits that it made, what one of them is made of, and which goods went in.", d.Keeper.KitNote)
	documents(d, a, "/v1/kits", "kits", d.room().Kits)
}
