package exchange

import (
	"strings"

	"github.com/shopspring/decimal"

	"reliefledger/internal/sheet"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

var categories = []choice{
	{"clothing", "衣物"}, {"quilt", "棉被"}, {"hygiene", "卫生防疫用品"}, {"food", "食品"}, {"leaflet", "宣传资料"}, {"equipment", "设备"}, {"other", "其他"},
}

var items = kind[warehouse.Item]{
	name:   "items",
	about:  phrase{"Each row is an item of the register.", "每行是一种物品。"},
	record: true,
	poster: func(p Posters) Poster[warehouse.Item] { return p.Items },
	start:  func() warehouse.Item { return warehouse.Item{Packs: []warehouse.Pack{}} }, // an empty list, as the API wants it
	columns: []column[warehouse.Item]{
		{field: "code", must: true, read: text(func(i *warehouse.Item, s string) { i.Code = s })},
		{field: "name", must: true, read: text(func(i *warehouse.Item, s string) { i.Name = s })},
		{field: "name_en", read: text(func(i *warehouse.Item, s string) { i.NameEn = s })},
		{field: "unit", must: true, read: text(func(i *warehouse.Item, s string) { i.Unit = s })},
		{field: "decimals", read: count(func(i *warehouse.Item, n int) { i.Decimals = int32(n) })},
		{field: "category", must: true, read: oneOf(categories, func(i *warehouse.Item, s string) { i.Category = s })},
		{field: "packs", read: packs},
		{field: "expires", read: flag(func(i *warehouse.Item, yes bool) { i.Expires = yes })},
		{field: "shelf_life_days", read: count(func(i *warehouse.Item, n int) { i.ShelfLifeDays = int32(n) })},
		{field: "classification", read: text(func(i *warehouse.Item, s string) { i.Classification = s })},
		{field: "retired", read: flag(func(i *warehouse.Item, yes bool) { i.Retired = yes })},
	},
}

// packs reads "bale=20; carton=40".
func packs(i *warehouse.Item, c sheet.Cell) *complaint {
	for _, one := range strings.FieldsFunc(c.Text, func(r rune) bool { return strings.ContainsRune(";；\n", r) }) {
		name, holds, found := strings.Cut(strings.ReplaceAll(one, "＝", "="), "=")
		quantity, err := ledger.ParseNumber(strings.TrimSpace(holds), ledger.MaxDecimals)
		if !found || err != nil {
			return notPacks.about(c.Text)
		}
		i.Packs = append(i.Packs, warehouse.Pack{Name: strings.TrimSpace(name), Quantity: quantity})
	}
	return nil
}

// exactly keeps a number that a line has or has not.
func exactly[B any](set func(*B, *decimal.Decimal)) reading[B] {
	return number(func(b *B, d decimal.Decimal) { set(b, &d) })
}
