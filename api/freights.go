package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) freights(a huma.API) {
	posting(d, a, auth.Pay, "/v1/freights", "record-freight", "Record a carrier's bill for a receipt",
		"Adds a carrier's bill to the cost of the goods of one receipt, shared by value to the fen.",
		d.Officer.Freight)
	documents(d, a, "/v1/freights", "freights", d.room().Freights)
	document(a, "/v1/freights", "read-freight", "Read a carrier's bill", "Reads a carrier's bill as it stands in the book.", d.room().Freight)
}
