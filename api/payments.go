package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) payments(a huma.API) {
	posting(d, a, auth.Pay, "/v1/payments", "pay", "Pay",
		"Pays a supplier or carrier, relief cash to a person, a charity case or a share of a project from a fund's own bank account. A fund never pays for another: "+
			"the refusal names which funds hold money there, and an interfund entry is the open way.",
		d.Officer.Pay)
	bulkPosting(d, a, auth.Pay, "/v1/payments/bulk", "pay-in-bulk", "Pay many times",
		"Posts up to 5,000 payments in one request, all or none or each by itself, and answers with a result for each line.",
		d.Officer.Pay)
	documents(d, a, "/v1/payments", "payments", d.room().Payments)
	document(a, "/v1/payments", "read-payment", "Read a payment", "Reads a payment as it stands in the book.", d.room().Payment)
}
