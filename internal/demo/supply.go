package demo

import (
	"context"
	"fmt"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// Days on which the province sends goods to its stations. They arrive two days later.
var deliveries = [2]ledger.Date{firstDay + 1, firstDay + 23}

// Spare goods go out with the first delivery: they cover what is broken on the way and what is recorded by mistake,
// and some of them are left when the campaign is over.
var (
	spareAtPoint   = goods{food: 1, leaflet: 5}
	spareAtStation = goods{coat: 8, quilt: 5, hygiene: 6, food: 10, leaflet: 40}
)

// open says when points open: from the first delivery on, all of them before the deep cold.
func (p *plan) open() {
	for _, pt := range p.points {
		pt.opens = p.day(deliveries[0]+3, firstDay+39)
		pt.second = max(pt.opens+18, deliveries[1]+3)
		pt.needs[0].add(spareAtPoint)
	}
}

// supply sends goods down the tree: from the province to the stations, from the stations to their points, as much as the points
// will hand out.
func (p *plan) supply() {
	for i := range p.stations {
		s := &p.stations[i]
		s.needs[0].add(spareAtStation)
		for _, pt := range s.points {
			for n := range pt.needs {
				s.needs[n].add(pt.needs[n])
			}
		}
		for n, on := range deliveries {
			t := transfer{provinceWarehouse, s.warehouse, s.needs[n], on, on + 2, "keeper-51", s.keeper()}
			if n == 0 && i%25 == 10 {
				p.sendBroken(t)
			} else {
				p.send(t, waveDispatch, t.what.arrival())
			}
		}
		for _, pt := range s.points {
			p.send(transfer{s.warehouse, pt.code, pt.needs[0], pt.opens, pt.opens + 1, s.keeper(), s.coordinator()}, waveForward, pt.needs[0].arrival())
			p.send(transfer{s.warehouse, pt.code, pt.needs[1], pt.second, pt.second + 1, s.keeper(), s.coordinator()}, waveForward, pt.needs[1].arrival())
		}
	}
}

func (s station) keeper() string      { return "keeper-" + s.prefecture.code() }
func (s station) coordinator() string { return "coordinator-" + s.prefecture.code() }
func (s station) officer() string     { return "officer-" + s.prefecture.code() }

// transfer is goods on their way from one place to another.
type transfer struct {
	from, to         string
	what             goods
	on, arrives      ledger.Date
	sender, receiver string
}

// send plans a dispatch and its arrival.
func (p *plan) send(t transfer, wave int, arriving []warehouse.ArrivalLine) *booked {
	if len(arriving) == 0 {
		return nil
	}
	waybill := ask(p, t.on, wave, t.sender, p.Keeper.Dispatch, warehouse.Dispatch{From: t.from, To: t.to, Carrier: carrier, On: t.on, Lines: t.what.dispatch()})
	return askLater(p, t.arrives, waveArrival, t.receiver, p.Keeper.Arrive, func() warehouse.Arrival {
		return warehouse.Arrival{Waybill: waybill.document, On: t.arrives, Lines: arriving}
	})
}

// sendBroken plans a delivery on which one quilt gets wet and two are missing: the carrier answers for the missing ones,
// the wet one is written off by another person than the one who proposed it.
func (p *plan) sendBroken(t transfer) {
	rest := goods{}
	rest.add(t.what)
	rest[quilt] -= 3
	arrival := p.send(t, waveDispatch, append(rest.arrival(),
		warehouse.ArrivalLine{Item: quilt, Quantity: whole(1), Outcome: warehouse.Damaged, Reason: "wet on the way"},
		warehouse.ArrivalLine{Item: quilt, Quantity: whole(2), Outcome: warehouse.Short, Claim: true, Reason: "missing from the lorry"}))
	on := t.arrives + 1
	proposal := askLater(p, on, waveMending, t.receiver, p.writeOffBroken, func() *booked { return arrival })
	askLater(p, on, waveApproval, "officer-51", p.Keeper.ApproveWriteOff, func() warehouse.WriteOffApproval {
		return warehouse.WriteOffApproval{Proposal: proposal.document, Certificate: "DC-" + t.to, On: on}
	})
}

// writeOffBroken proposes to write off what an arrival brought into quarantine: the lot stands in its moves.
func (p *plan) writeOffBroken(ctx context.Context, by ledger.By, arrival *booked) (*ledger.Proposal, error) {
	entry, err := p.Book.Entry(ctx, arrival.number)
	if err != nil {
		return nil, err
	}
	for _, m := range entry.Moves {
		if m.To.Class() == ledger.Quarantine {
			return p.Keeper.ProposeWriteOff(ctx, by, warehouse.WriteOff{
				Location: m.To.Name(), Reason: "wet and mouldy", On: entry.On + 1,
				Lines: []warehouse.WriteOffLine{{Item: m.Item, Lot: m.Lot, Fund: m.Fund, Quantity: m.Quantity, Quarantined: true}},
			})
		}
	}
	return nil, fmt.Errorf("arrival %s brought nothing into quarantine", arrival.document)
}
