package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) invoices(a huma.API) {
	posting(d, a, auth.Pay, "/v1/invoices", "record-invoice", "Record a supplier's invoice",
		"Bills the goods of one receipt. Several invoices may bill a receipt; on the last one the difference to the order value revalues the goods that are left, "+
			"and the share of what is gone already is a price difference.",
		d.Officer.Invoice)
	documents(d, a, "/v1/invoices", "invoices", d.room().Invoices)
	document(a, "/v1/invoices", "read-invoice", "Read a supplier's invoice", "Reads a supplier's invoice as it stands in the book.", d.room().Invoice)
}
