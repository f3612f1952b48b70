package exchange

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"reliefledger/internal/sheet"
	"reliefledger/report"
	"reliefledger/warehouse"
)

// stockLine is a line of stock with what stands above it and where it is.
type stockLine struct {
	report.StockLine
	place   warehouse.Location
	asOf    string
	knownAt int64
}

func (o Output) stockFields() []field[stockLine] {
	return []field[stockLine]{
		{"item", "#item+code", sheet.Text, func(l stockLine) string { return l.Item }},
		{"name", "#item+name", sheet.Text, func(l stockLine) string { return o.Language.in(l.Name, l.NameEn) }},
		{"condition", "#item+status", sheet.Text, func(l stockLine) string { return l.Condition }},
		{"province_division", "#adm1+code+v_gbt2260", sheet.Text, func(l stockLine) string { return division(l.place, 2) }},
		{"prefecture_division", "#adm2+code+v_gbt2260", sheet.Text, func(l stockLine) string { return division(l.place, 4) }},
		{"location", "#loc+code", sheet.Text, func(l stockLine) string { return l.Location }},
		{"place", "#loc+name", sheet.Text, func(l stockLine) string { return o.Language.in(l.place.Name, l.place.NameEn) }},
		{"kind", "#loc+type", sheet.Text, func(l stockLine) string { return l.place.Kind }},
		{"waybill", "#meta+id+waybill", sheet.Text, func(l stockLine) string { return l.Waybill }},
		{"request", "#meta+id+request", sheet.Text, func(l stockLine) string { return l.Request }},
		{"lot", "#item+lot+code", sheet.Text, func(l stockLine) string { return l.Lot }},
		{"expires_on", "#date+expiry", sheet.Day, func(l stockLine) string { return l.ExpiresOn.String() }},
		{"fund", "#org+funding+code", sheet.Text, func(l stockLine) string { return l.Fund }},
		{"unit", "#item+unit+name", sheet.Text, func(l stockLine) string { return l.Unit }},
		{"quantity", "#item+stock+num", sheet.Number, func(l stockLine) string { return string(l.Quantity) }},
		{"value", "#value+stock+c_", sheet.Number, func(l stockLine) string { return string(l.Value) }},
		{"as_of", "#date+reported", sheet.Day, func(l stockLine) string { return l.asOf }},
		{"entry", "#meta+id+entry", sheet.Number, func(l stockLine) string { return fmt.Sprint(l.knownAt) }},
	}
}

// division is the code of the division of the first digits of a location's own: 2 for the province, 4 for the prefecture. A province
// is in no prefecture.
func division(l warehouse.Location, digits int) string {
	if len(l.Division) != 6 || (digits == 4 && l.Division[2:4] == "00") {
		return ""
	}
	return l.Division[:digits] + "0000"[:6-digits]
}

// Stock writes what there is, page after page, each as known at the first, so that a table of any length is of one moment and in no memory at
// once. Place finds a location for the names and divisions of the table; they stay empty when it is nil.
func (o Output) Stock(ctx context.Context, w io.Writer, q report.StockQuery,
	read func(context.Context, report.StockQuery) (report.Stock, error), place func(context.Context, string) (warehouse.Location, error),
) error {
	var t *output[stockLine]
	places := map[string]warehouse.Location{"": {}}
	for {
		stock, err := read(ctx, q)
		if err != nil {
			return err
		}
		if t == nil { // a refused question leaves no half of a table
			if t, err = begin(o, w, "stock", o.stockFields()); err != nil {
				return err
			}
		}
		asOf := cmp.Or(stock.AsOf, o.Today).String()
		for _, l := range stock.Lines {
			at, known := places[l.Location]
			if !known && place != nil {
				if at, err = place(ctx, l.Location); err != nil {
					return err
				}
				places[l.Location] = at
			}
			if err := t.line(stockLine{l, at, asOf, stock.KnownAt}); err != nil {
				return err
			}
		}
		if stock.Next == "" {
			return t.Close()
		}
		q.After, q.KnownAt = stock.Next, stock.KnownAt
	}
}
