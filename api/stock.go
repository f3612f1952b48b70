package api

import (
	"github.com/danielgtaylor/huma/v2"
)

func (d *Door) stock(a huma.API) {
	question(d, a, "/v1/stock", "read-stock", "Read the stock",
		"Tells what there is, with its value: by item and condition, and split further by location, lot and fund where that is asked for; now, as of a date, or as known at an entry. "+
			"Every line carries the query that opens it to its entries.",
		d.room().Stock)
	question(d, a, "/v1/stock/card", "read-stock-card", "Read a stock card",
		"Tells every move of one item at one location with its document and the balance after it, from an opening to a closing.",
		d.room().Card)
}
