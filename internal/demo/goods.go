package demo

import (
	"github.com/shopspring/decimal"

	"reliefledger/warehouse"
)

// Items of the demo. The first five are what the report counts.
const (
	coat       = "COAT"
	quilt      = "QUILT"
	hygiene    = "HYGIENE-KIT"
	food       = "FOOD"
	leaflet    = "LEAFLET"
	heater     = "HEATER"
	livingPack = "LIVING-PACK"
)

// handedOut are the report's totals of goods.
var handedOut = []struct {
	item  string
	total int
}{{coat, 4300}, {quilt, 1900}, {hygiene, 2600}, {food, 4500}, {leaflet, 32800}}

func items() []warehouse.Item {
	pack := func(name string, n int) []warehouse.Pack {
		return []warehouse.Pack{{Name: name, Quantity: whole(n)}}
	}
	return []warehouse.Item{
		{Code: coat, Name: "棉大衣", NameEn: "Padded coat", Unit: "件", Category: "clothing", Packs: pack("包", 10)},
		{Code: quilt, Name: "棉被", NameEn: "Quilt", Unit: "床", Category: "quilt", Packs: pack("包", 5)},
		{Code: hygiene, Name: "卫生防疫包", NameEn: "Hygiene kit", Unit: "份", Category: "hygiene", Packs: pack("箱", 40), Expires: true},
		{Code: food, Name: "方便食品", NameEn: "Food portion", Unit: "份", Category: "food", Packs: pack("箱", 24), Expires: true},
		{Code: leaflet, Name: "救助政策宣传册", NameEn: "Leaflet", Unit: "份", Category: "leaflet", Packs: pack("捆", 100)},
		{Code: heater, Name: "电取暖器", NameEn: "Electric heater", Unit: "台", Category: "equipment"},
		{Code: livingPack, Name: "生活物资包", NameEn: "Living goods pack", Unit: "套", Category: "other"},
	}
}

// goods are quantities by item.
type goods map[string]int

func (g goods) add(other goods) {
	for item, n := range other {
		g[item] += n
	}
}

// dispatch are the lines that send the goods, in the order of the report.
func (g goods) dispatch() []warehouse.DispatchLine {
	var lines []warehouse.DispatchLine
	for _, item := range order {
		if g[item] > 0 {
			lines = append(lines, warehouse.DispatchLine{Item: item, Quantity: whole(g[item])})
		}
	}
	return lines
}

func (g goods) arrival() []warehouse.ArrivalLine {
	var lines []warehouse.ArrivalLine
	for _, item := range order {
		if g[item] > 0 {
			lines = append(lines, warehouse.ArrivalLine{Item: item, Quantity: whole(g[item]), Outcome: warehouse.Good})
		}
	}
	return lines
}

func (g goods) handout() []warehouse.HandoutLine {
	var lines []warehouse.HandoutLine
	for _, item := range order {
		if g[item] > 0 {
			lines = append(lines, warehouse.HandoutLine{Item: item, Quantity: whole(g[item])})
		}
	}
	return lines
}

var order = []string{coat, quilt, hygiene, food, leaflet, heater, livingPack}

func price(s string) *decimal.Decimal {
	d := decimal.RequireFromString(s)
	return &d
}
