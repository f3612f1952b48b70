package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) receipts(a huma.API) {
	posting(d, a, auth.Receive, "/v1/receipts", "receive-goods", "Receive goods",
		"Brings goods into a location: bought, given in kind, there before the book began, or held for their owner. Every line becomes a lot of its own, "+
			"named by the receipt's document number and the line, with its own cost and expiry date.",
		d.Keeper.Receive)
	document(a, "/v1/receipts", "read-receipt", "Read a receipt", "Reads a receipt with the lots it brought.", d.Keeper.ReceiptNote)
	documents(d, a, "/v1/receipts", "receipts", d.room().Receipts)
	bulkPosting(d, a, auth.Receive, "/v1/receipts/bulk", "receive-goods-in-bulk", "Receive goods many times",
		"Posts up to 5,000 receipts in one request, all or none or each by itself, and answers with a result for each line.",
		d.Keeper.Receive)
}
