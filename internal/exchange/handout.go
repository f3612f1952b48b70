package exchange

import (
	"github.com/shopspring/decimal"

	"reliefledger/internal/sheet"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

var (
	sexes = []choice{{"female", "女"}, {"male", "男"}}
	ages  = []choice{{"0-17", "0-17岁"}, {"18-59", "18-59岁"}, {"60+", "60岁以上"}}
)

// mostHandoutRows is how many lines the warehouse takes on one handout.
const mostHandoutRows = 200

var handouts = kind[warehouse.Handout]{
	name: "handouts",
	about: phrase{
		"Each row is goods given to people. Rows with the same reference and location that stand together are one handout; the reference is only read for that.",
		"每行是一次发放的物品；相连且单据号和地点相同的各行是一次发放，单据号仅用于此。",
	},
	poster: func(p Posters) Poster[warehouse.Handout] { return p.Handouts },
	start:  func() warehouse.Handout { return warehouse.Handout{Lines: make([]warehouse.HandoutLine, 1)} },
	most:   mostHandoutRows,
	add:    func(to *warehouse.Handout, row warehouse.Handout) { to.Lines = append(to.Lines, row.Lines...) },
	columns: []column[warehouse.Handout]{
		{field: "reference", head: true, read: func(*warehouse.Handout, sheet.Cell) *complaint { return nil }},
		{field: "location", must: true, head: true, read: text(func(h *warehouse.Handout, s string) { h.Location = s })},
		{field: "on", head: true, read: day(func(h *warehouse.Handout, d ledger.Date) { h.On = d })},
		{field: "campaign", head: true, read: text(func(h *warehouse.Handout, s string) { h.Campaign = s })},
		{field: "action", head: true, read: text(func(h *warehouse.Handout, s string) { h.Action = s })},
		{field: "people", must: true, head: true, read: count(func(h *warehouse.Handout, n int) { h.People = n })},
		{field: "sex", head: true, read: oneOf(sexes, func(h *warehouse.Handout, s string) { h.Sex = s })},
		{field: "age", head: true, read: oneOf(ages, func(h *warehouse.Handout, s string) { h.Age = s })},
		{field: "pseudonym", head: true, read: text(func(h *warehouse.Handout, s string) { h.Pseudonym = s })},
		{field: "drill", head: true, read: flag(func(h *warehouse.Handout, yes bool) { h.Drill = yes })},
		{field: "item", must: true, read: text(func(h *warehouse.Handout, s string) { h.Lines[0].Item = s })},
		{field: "quantity", must: true, read: number(func(h *warehouse.Handout, d decimal.Decimal) { h.Lines[0].Quantity = d })},
		{field: "pack", read: text(func(h *warehouse.Handout, s string) { h.Lines[0].Pack = s })},
		{field: "lot", read: text(func(h *warehouse.Handout, s string) { h.Lines[0].Lot = s })},
		{field: "fund", read: text(func(h *warehouse.Handout, s string) { h.Lines[0].Fund = s })},
	},
}
