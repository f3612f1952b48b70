package report

import (
	"slices"

	"github.com/shopspring/decimal"

	"reliefledger/campaign"
)

// BulletinFigure is one number of a bulletin: exact as the book has it, worded as official reports print it, and with the query
// that opens it down to its entries.
type BulletinFigure struct {
	Code     string `json:"code" doc:"Stable name of the figure." example:"quilts"`
	Action   string `json:"action" doc:"Part of the bulletin it stands in." example:"巡查纾困"`
	ActionEn string `json:"action_en"`
	Name     string `json:"name" example:"发放棉被"`
	NameEn   string `json:"name_en" example:"quilts handed out"`
	Quantity Number `json:"quantity" doc:"The exact figure, in its unit." example:"1900"`
	Unit     string `json:"unit" example:"床"`
	Text     string `json:"text" doc:"Official wording in Chinese." example:"1900床"`
	TextEn   string `json:"text_en" doc:"Official wording in English." example:"1,900 quilts"`
	Query    string `json:"query" doc:"Relative address of the entries, or of the locations, that make the figure."`
}

// part is a part of the bulletin: one of the actions of a winter campaign.
type part struct{ name, nameEn string }

var (
	patrols    = part{"巡查纾困", "Street patrols"}
	visits     = part{"走访帮扶", "Visits and help"}
	homecoming = part{"回家关爱", "The way home"}
	quality    = part{"质量提升", "Better stations"}
	others     = part{"其他物资", "Other goods"}
)

// rule says what a figure counts and how it is worded.
type rule struct {
	part         part
	code         string
	name, nameEn string
	unit, unitEn string
	wording      Wording
	counts       EntryQuery
}

// pointsOpened is counted in the register of locations, not in entries.
var pointsOpened = EntryQuery{Kind: "points-opened"}

// rules is the bulletin in the order in which it is read.
var rules = []rule{
	measured(patrols, "patrol-staff", Floored),
	measured(patrols, "patrol-vehicles", Floored),
	measured(patrols, "helped-in-street", Floored),
	measured(patrols, "came-to-station", Floored),
	{patrols, pointsOpened.Kind, "开设临时避寒点", "temporary warm-up points opened", "个", "points", Exact, pointsOpened},
	handedOut("clothing", "发放御寒衣物", "padded clothes handed out", "件", "pieces"),
	handedOut("quilt", "发放棉被", "quilts handed out", "床", "quilts"),
	handedOut("hygiene", "发放卫生防疫用品", "hygiene kits handed out", "份", "kits"),
	handedOut("food", "发放食品", "food portions handed out", "份", "portions"),
	handedOut("leaflet", "发放宣传资料", "leaflets handed out", "份", "leaflets"),
	measured(patrols, "media-reports", Nearly),
	{visits, "in-kind", "捐赠物资及取暖设备发放", "donated goods and heating equipment given out, at cost", "元", "yuan", InWanYuan, EntryQuery{Kind: "handout", Source: "in-kind"}},
	measured(visits, "cadres-sent", InWan),
	measured(visits, "visits", InWan),
	measured(visits, "entitlements", InWan),
	paid(visits, "relief-cash", "发放临时救助金", "temporary relief cash"),
	measured(visits, "helped-by-charity", Floored),
	paid(visits, "charity", "慈善帮扶资金", "charity money"),
	measured(homecoming, "escorted-home", Exact),
	measured(homecoming, "families-found", Exact),
	measured(homecoming, "settled", Exact),
	paid(quality, "project", "救助机构改造资金", "renovation of stations"),
}

func measured(p part, code string, wording Wording) rule {
	m, known := campaign.FindMeasure(code)
	if !known {
		panic("report: the bulletin counts measure " + code + ", which no activity can record")
	}
	english := map[campaign.Unit]string{
		campaign.PersonTimes: "person-times", campaign.Persons: "people", campaign.VehicleTimes: "vehicle-times", campaign.Times: "times",
	}
	return rule{p, code, m.Name, m.NameEn, m.Unit.Chinese(), english[m.Unit], wording, EntryQuery{Kind: "activity", Measure: code, Unit: string(m.Unit)}}
}

func handedOut(category, name, nameEn, unit, unitEn string) rule {
	return rule{patrols, category, name, nameEn, unit, unitEn, Floored, EntryQuery{Kind: "handout", Category: category, Unit: unit}}
}

// categories names the goods that no rule counts: of another category, or counted in another unit than the official one.
// They get a figure of their own, because units are never added and nothing that was given may be missing.
var categories = map[string][2]string{
	"clothing":  {"发放御寒衣物", "clothes handed out"},
	"quilt":     {"发放被褥", "bedding handed out"},
	"hygiene":   {"发放卫生防疫用品", "hygiene goods handed out"},
	"food":      {"发放食品", "food handed out"},
	"leaflet":   {"发放宣传资料", "printed matter handed out"},
	"equipment": {"发放取暖等设备", "heating and other equipment handed out"},
	"other":     {"发放其他物资", "other goods handed out"},
}

// units are the usual units of goods in English; another unit is printed as it is.
var units = map[string]string{
	"件": "pieces", "床": "quilts", "份": "portions", "个": "pieces", "台": "units", "套": "sets", "包": "packs", "箱": "boxes", "双": "pairs", "瓶": "bottles",
}

func otherGoods(category, unit string) rule {
	names := categories[category]
	return rule{others, category + ":" + unit, names[0], names[1], unit, orElse(units[unit], unit), Floored, EntryQuery{Kind: "handout", Category: category, Unit: unit}}
}

func paid(p part, kind, name, nameEn string) rule {
	return rule{p, kind, name, nameEn, "元", "yuan", InWanYuan, EntryQuery{Kind: "payment", Payment: kind}}
}

// figure words an exact number.
func (r Room) figure(of rule, exact decimal.Decimal, query string) BulletinFigure {
	written := quantity(exact)
	if of.wording == InWanYuan {
		written = r.amount(exact)
	}
	return BulletinFigure{
		Code: of.code, Action: of.part.name, ActionEn: of.part.nameEn, Name: of.name, NameEn: of.nameEn,
		Quantity: written, Unit: of.unit, Text: of.wording.Chinese(exact, of.unit), TextEn: of.wording.English(exact, of.unitEn), Query: query,
	}
}

// narrow is the query of a figure inside the scope of its bulletin.
func (q EntryQuery) narrow(scope EntryQuery) EntryQuery {
	q.Campaign, q.Under, q.From, q.To, q.KnownAt = scope.Campaign, scope.Under, scope.From, scope.To, scope.KnownAt
	return q
}

// WithoutMoney leaves out the figures in money, for a reader who is bound to places: payments stand nowhere, and how goods that were given came
// into the book may be told by a receipt elsewhere.
func (b Bulletin) WithoutMoney() Bulletin {
	b.Figures = slices.DeleteFunc(b.Figures, func(f BulletinFigure) bool { return f.Unit == "元" })
	return b
}

func isPoints(f BulletinFigure) bool { return f.Code == pointsOpened.Kind }
