package demo

import (
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/fund"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// The report's sums, in yuan.
const (
	reliefCash     = "32540000.00"
	charityMoney   = "2710000.00"
	renovationCost = "38600000.00"
)

// Numbers of payments: every new entitlement of the report is paid once.
const (
	reliefPayments  = 45_000
	charityPayments = 600
)

// income is the grants and gifts of money, on the first day.
func (p *plan) income() {
	for _, c := range []struct{ fund, kind, party, amount, reference string }{
		{goodsFund, "grant", ministry, "1600000.00", "grant 2023"},
		{cashFund, "grant", ministry, "33000000.00", "grant 2023"},
		{renovationFund, "grant", ministry, "12000000.00", "grant 2021"},
		{renovationFund, "grant", ministry, "13000000.00", "grant 2022"},
		{renovationFund, "grant", ministry, "13600000.00", "grant 2023"},
		{charityFund, "gift", charities, "1500000.00", ""},
		{charityFund, "gift", charities, "1300000.00", ""},
		{giftFund, "gift", donors, "36000.00", ""},
		{giftFund, "gift", donors, "24000.50", ""},
	} {
		ask(p, firstDay, waveIncome, "officer-51", p.Officer.Contribute, fund.Contribution{
			On: firstDay, Fund: c.fund, Kind: c.kind, Party: c.party, Bank: bank, Amount: decimal.RequireFromString(c.amount), Reference: c.reference,
		})
	}
}

// purchase buys what the province sends out, and a reserve that stays.
func (p *plan) purchase() {
	needs := [2]goods{{}, {}}
	for _, s := range p.stations {
		for n := range needs {
			needs[n].add(s.needs[n])
		}
	}
	first, second := firstDay, deliveries[1]-4
	ask(p, first, waveIncome, "keeper-51", p.Keeper.Receive, warehouse.Receipt{
		Location: provinceWarehouse, Kind: warehouse.Opening, Fund: goodsFund, On: first,
		Lines: []warehouse.ReceiptLine{
			{Item: coat, Quantity: whole(600), Value: price("57333.33")},
			{Item: quilt, Quantity: whole(300), Value: price("25500.00")},
		},
	})
	p.buy(first, textiles, goodsFund, "0.00", line(coat, needs[0][coat]+400, "118.00"), line(quilt, needs[0][quilt]+200, "96.50"))
	p.buy(first, provision, goodsFund, "0.00",
		lasting(line(hygiene, needs[0][hygiene]+300, "27.80"), "2025-10-31"), lasting(line(food, needs[0][food]+500, "14.60"), "2024-06-30"))
	p.buy(first, printers, goodsFund, "0.00", line(leaflet, needs[0][leaflet]+2000, "0.42"))
	p.buy(first, textiles, giftFund, "0.00", line(quilt, 150, "101.00"), line(coat, 200, "121.00"))
	p.buy(second, textiles, goodsFund, "312.50", line(coat, needs[1][coat]+100, "119.50"), line(quilt, needs[1][quilt]+100, "97.00"))
	p.buy(second, provision, goodsFund, "0.00",
		lasting(line(hygiene, needs[1][hygiene]+100, "27.80"), "2025-11-30"), lasting(line(food, needs[1][food]+200, "14.90"), "2024-04-30"))
	p.buy(second, printers, goodsFund, "0.00", line(leaflet, needs[1][leaflet]+1000, "0.42"))
}

func line(item string, n int, unitPrice string) warehouse.ReceiptLine {
	return warehouse.ReceiptLine{Item: item, Quantity: whole(n), UnitPrice: price(unitPrice)}
}

func lasting(l warehouse.ReceiptLine, until string) warehouse.ReceiptLine {
	day, err := ledger.ParseDate(until)
	if err != nil {
		panic(err)
	}
	l.ExpiresOn = day
	return l
}

// buy plans a receipt with its freight, its invoice, above the order where the supplier asks more, and both payments.
func (p *plan) buy(on ledger.Date, supplier, fundCode, above string, lines ...warehouse.ReceiptLine) {
	receipt := ask(p, on, waveIncome, "keeper-51", p.Keeper.Receive, warehouse.Receipt{
		Location: provinceWarehouse, Kind: warehouse.Purchase, Party: supplier, Fund: fundCode, On: on, Lines: lines,
	})
	freight := decimal.RequireFromString("240.00")
	amount := decimal.RequireFromString(above)
	for _, l := range lines {
		amount = amount.Add(l.Quantity.Mul(*l.UnitPrice))
	}
	askLater(p, on, waveBills, "officer-51", p.Officer.Freight, func() fund.Freight {
		return fund.Freight{On: on, Receipt: receipt.document, Party: carrier, Amount: freight}
	})
	askLater(p, on+6, waveBills, "officer-51", p.Officer.Invoice, func() fund.Invoice {
		return fund.Invoice{On: on + 6, Receipt: receipt.document, Party: supplier, Amount: amount, Final: true}
	})
	for _, owed := range []struct {
		party  string
		amount decimal.Decimal
	}{{supplier, amount}, {carrier, freight}} {
		ask(p, on+9, wavePayments, "officer-51", p.Officer.Pay, fund.Payment{
			On: on + 9, Kind: "supplier", Fund: fundCode, Bank: bank, Payee: owed.party, Amount: owed.amount,
		})
	}
}

// payReliefCash pays every new entitlement once, to a pseudonym, at a station.
func (p *plan) payReliefCash() {
	for n, amount := range p.shares(reliefCash, reliefPayments, 2) {
		s := &p.stations[p.IntN(stationCount)]
		on := p.day(firstDay+1, lastDay)
		ask(p, on, waveField, s.officer(), p.Officer.Pay, fund.Payment{
			On: on, Kind: "relief-cash", Fund: cashFund, Bank: bank, Payee: fmt.Sprintf("p-%06d", n+1), Amount: amount,
			Campaign: Campaign, Action: visitAction, Location: s.code, Reference: fmt.Sprintf("CASE-%06d", n+1),
		})
	}
}

func (p *plan) payCharity() {
	for n, amount := range p.shares(charityMoney, charityPayments, 2) {
		s := &p.stations[p.IntN(stationCount)]
		on := p.day(firstDay+1, lastDay)
		ask(p, on, waveField, s.officer(), p.Officer.Pay, fund.Payment{
			On: on, Kind: "charity", Fund: charityFund, Bank: bank, Payee: fmt.Sprintf("c-%06d", n+1), Amount: amount,
			Campaign: Campaign, Action: visitAction, Location: s.code,
		})
	}
}

// payRenovation pays every station its equal share: 74 get 410,638.30 and 20 get 410,638.29.
func (p *plan) payRenovation() {
	for n, amount := range fund.EqualShares(decimal.RequireFromString(renovationCost), stationCount, 2) {
		s := &p.stations[n]
		on := p.day(firstDay+1, lastDay)
		ask(p, on, waveField, "officer-51", p.Officer.Pay, fund.Payment{
			On: on, Kind: "project", Fund: renovationFund, Bank: bank, Payee: s.code, Amount: amount,
			Campaign: Campaign, Action: qualityAction, Location: s.code, Reference: "renovation 2021-2023",
		})
	}
}
