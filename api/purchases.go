package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/fund"
)

func (d *Door) purchases(a huma.API) {
	posting(d, a, auth.Pay, "/v1/purchases", "order-goods", "Order goods",
		"Records an order to a supplier. Its cost is committed in the fund, beside the accounts, and drawn on a line of its budget when one is named: no money and no goods move. "+
			"An invoice that names the purchase makes what it bills into spending; a closing gives back what will not come.",
		d.Officer.Order)
	bulkPosting(d, a, auth.Pay, "/v1/purchases/bulk", "order-goods-in-bulk", "Order goods many times",
		"Posts up to 5,000 purchases in one request, all or none or each by itself, and answers with a result for each line.",
		d.Officer.Order)
	documents(d, a, "/v1/purchases", "purchases", d.room().Purchases)
	document(a, "/v1/purchases", "read-purchase", "Read a purchase",
		"Reads a purchase as it stands in the book: for each line what was ordered, received and invoiced and what is still to come, and what is still committed.", d.room().Purchase)
	postingTo(d, a, auth.Pay, "/v1/purchases/{document}/closing", "close-purchase", "Close a purchase",
		"Gives up what is left of a purchase: nothing more of it will come, and what is still committed is free again.",
		"purchase", func(b *fund.PurchaseClosing) *string { return &b.Purchase }, d.Officer.ClosePurchase)
}
