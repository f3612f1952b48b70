package exchange

import (
	"github.com/shopspring/decimal"

	"reliefledger/fund"
	"reliefledger/ledger"
)

var paymentKinds = []choice{{"supplier", "供应商"}, {"relief-cash", "临时救助金"}, {"charity", "慈善帮扶"}, {"project", "项目"}}

var payments = kind[fund.Payment]{
	name:   "payments",
	about:  phrase{"Each row is one payment.", "每行是一笔付款。"},
	poster: func(p Posters) Poster[fund.Payment] { return p.Payments },
	columns: []column[fund.Payment]{
		{field: "on", read: day(func(p *fund.Payment, d ledger.Date) { p.On = d })},
		{field: "kind", must: true, read: oneOf(paymentKinds, func(p *fund.Payment, s string) { p.Kind = s })},
		{field: "fund", must: true, read: text(func(p *fund.Payment, s string) { p.Fund = s })},
		{field: "bank", must: true, read: text(func(p *fund.Payment, s string) { p.Bank = s })},
		{field: "payee", must: true, read: text(func(p *fund.Payment, s string) { p.Payee = s })},
		{field: "amount", must: true, read: number(func(p *fund.Payment, d decimal.Decimal) { p.Amount = d })},
		{field: "campaign", read: text(func(p *fund.Payment, s string) { p.Campaign = s })},
		{field: "action", read: text(func(p *fund.Payment, s string) { p.Action = s })},
		{field: "location", read: text(func(p *fund.Payment, s string) { p.Location = s })},
		{field: "reference", read: text(func(p *fund.Payment, s string) { p.Reference = s })},
		{field: "budget", read: text(func(p *fund.Payment, s string) { p.Budget = s })},
		{field: "prepayment", read: flag(func(p *fund.Payment, yes bool) { p.Prepayment = yes })},
	},
}
