package exchange

import (
	"slices"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

var (
	receiptKinds = []choice{{warehouse.Purchase, "采购"}, {warehouse.InKind, "实物捐赠"}, {warehouse.Opening, "期初"}, {warehouse.Custody, "代管"}}
	evidences    = []choice{{"invoice", "发票"}, {"quotation", "报价"}, {"appraisal", "评估"}, {"none", "无"}}
	unvalued     = []choice{{"zero", "零"}, {"nominal", "名义"}}
)

// mostReceiptRows is how many lines the warehouse takes on one receipt.
const mostReceiptRows = 500

var receipts = kind[warehouse.Receipt]{
	name:   "receipts",
	about:  phrase{"Each row is one lot taken in. Rows with the same reference and location that stand together are one receipt.", "每行是一批入库物品；相连且单据号和地点相同的各行是一张入库单。"},
	poster: func(p Posters) Poster[warehouse.Receipt] { return p.Receipts },
	start:  func() warehouse.Receipt { return warehouse.Receipt{Lines: make([]warehouse.ReceiptLine, 1)} },
	most:   mostReceiptRows,
	add:    addReceiptLine,
	columns: slices.Concat([]column[warehouse.Receipt]{
		receiptReference, receiptLocation,
		{field: "kind", must: true, head: true, read: oneOf(receiptKinds, func(r *warehouse.Receipt, s string) { r.Kind = s })},
		{field: "party", head: true, read: text(func(r *warehouse.Receipt, s string) { r.Party = s })},
		receiptFund, receiptDay,
		{field: "evidence", head: true, read: oneOf(evidences, func(r *warehouse.Receipt, s string) { r.Evidence = s })},
		{field: "unvalued", head: true, read: oneOf(unvalued, func(r *warehouse.Receipt, s string) { r.Unvalued = s })},
	}, receiptLines),
}

// opening is what stood in the stores before the book began. It has seldom a paper, so rows that belong together need no reference.
var opening = kind[warehouse.Receipt]{
	name:   "opening",
	about:  phrase{"Each row is one lot that was there before the book began.", "每行是建账前已有的一批物品。"},
	poster: func(p Posters) Poster[warehouse.Receipt] { return p.Receipts },
	start: func() warehouse.Receipt {
		return warehouse.Receipt{Kind: warehouse.Opening, Lines: make([]warehouse.ReceiptLine, 1)}
	},
	most:    mostReceiptRows,
	add:     addReceiptLine,
	heads:   true,
	columns: slices.Concat([]column[warehouse.Receipt]{receiptLocation, receiptFund, receiptDay, receiptReference}, receiptLines),
}

func addReceiptLine(to *warehouse.Receipt, row warehouse.Receipt) {
	to.Lines = append(to.Lines, row.Lines...)
}

var (
	receiptReference = column[warehouse.Receipt]{field: "reference", head: true, read: text(func(r *warehouse.Receipt, s string) { r.Reference = s })}
	receiptLocation  = column[warehouse.Receipt]{field: "location", must: true, head: true, read: text(func(r *warehouse.Receipt, s string) { r.Location = s })}
	receiptFund      = column[warehouse.Receipt]{field: "fund", must: true, head: true, read: text(func(r *warehouse.Receipt, s string) { r.Fund = s })}
	receiptDay       = column[warehouse.Receipt]{field: "on", head: true, read: day(func(r *warehouse.Receipt, d ledger.Date) { r.On = d })}
	receiptLines     = []column[warehouse.Receipt]{
		{field: "item", must: true, read: text(func(r *warehouse.Receipt, s string) { r.Lines[0].Item = s })},
		{field: "quantity", must: true, read: number(func(r *warehouse.Receipt, d decimal.Decimal) { r.Lines[0].Quantity = d })},
		{field: "pack", read: text(func(r *warehouse.Receipt, s string) { r.Lines[0].Pack = s })},
		{field: "unit_price", read: exactly(func(r *warehouse.Receipt, d *decimal.Decimal) { r.Lines[0].UnitPrice = d })},
		{field: "value", read: exactly(func(r *warehouse.Receipt, d *decimal.Decimal) { r.Lines[0].Value = d })},
		{field: "batch", read: text(func(r *warehouse.Receipt, s string) { r.Lines[0].Batch = s })},
		{field: "produced_on", read: day(func(r *warehouse.Receipt, d ledger.Date) { r.Lines[0].ProducedOn = d })},
		{field: "expires_on", read: day(func(r *warehouse.Receipt, d ledger.Date) { r.Lines[0].ExpiresOn = d })},
	}
)
