package demo

import (
	"fmt"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// handoutCount is how many handouts give the goods of the report, of one to a few pieces each.
const handoutCount = 8200

// handOutGoods draws the handouts: the pieces are shuffled and dealt, so that every total is exact whatever the seed. What each point
// will give decides what it is sent.
func (p *plan) handOutGoods() {
	hands := p.deal()
	mended := map[string]bool{}
	for i, given := range hands {
		pt := p.points[i%len(p.points)]
		if i >= len(p.points) {
			pt = p.points[p.IntN(len(p.points))]
		}
		on := p.day(pt.opens+1, lastDay)
		delivery := 0
		if on > pt.second {
			delivery = 1
		}
		pt.needs[delivery].add(given)
		// The spare goods of a point bear one slip that is mended on the next day.
		mayslip := on < lastDay && !mended[pt.code]
		if mayslip && i%400 == 7 {
			mended[pt.code] = true
			p.handOutTooMuch(pt, on, given)
			continue
		}
		ask(p, on, waveField, pt.station.coordinator(), p.Keeper.HandOut, p.handout(pt.code, on, patrolAction, given))
		if mayslip && i%600 == 11 {
			mended[pt.code] = true
			p.handOutByMistake(pt, on)
		}
	}
}

// deal gives every hand one piece, then the others at random; leaflets go with them, four to a hand.
func (p *plan) deal() []goods {
	var pieces []string
	leaflets := 0
	for _, t := range handedOut {
		if t.item == leaflet {
			leaflets = t.total
			continue
		}
		for range t.total {
			pieces = append(pieces, t.item)
		}
	}
	p.Shuffle(len(pieces), func(i, j int) { pieces[i], pieces[j] = pieces[j], pieces[i] })
	hands := make([]goods, handoutCount)
	for i := range hands {
		hands[i] = goods{pieces[i]: 1, leaflet: 3}
	}
	for _, piece := range pieces[handoutCount:] {
		hands[p.IntN(handoutCount)][piece]++
	}
	for range leaflets - 3*handoutCount {
		hands[p.IntN(handoutCount)][leaflet]++
	}
	return hands
}

// handout is a handout to one person or a few. Nobody is named.
func (p *plan) handout(location string, on ledger.Date, action string, given goods) warehouse.Handout {
	h := warehouse.Handout{Location: location, Campaign: Campaign, Action: action, On: on, People: 1, Lines: given.handout()}
	switch p.IntN(4) {
	case 0:
		h.People = 2 + p.IntN(2)
	case 1:
		h.Sex, h.Age = "female", "60+"
	case 2:
		h.Sex, h.Age = "male", "18-59"
	default:
		h.Pseudonym = fmt.Sprintf("s-%06d", p.IntN(1_000_000))
	}
	return h
}

// handOutTooMuch gives three leaflets more than planned, and they come back the next day.
func (p *plan) handOutTooMuch(pt *point, on ledger.Date, given goods) {
	more := goods{leaflet: 3}
	more.add(given)
	handout := ask(p, on, waveField, pt.station.coordinator(), p.Keeper.HandOut, p.handout(pt.code, on, patrolAction, more))
	askLater(p, on+1, waveMending, pt.station.coordinator(), p.Keeper.TakeBack, func() warehouse.HandoutReturn {
		return warehouse.HandoutReturn{
			Handout: handout.document, Reason: "came back unused", On: on + 1,
			Lines: []warehouse.HandoutReturnLine{{Item: leaflet, Quantity: whole(3)}},
		}
	})
}

// handOutByMistake records a handout that never happened, and undoes it the next day.
func (p *plan) handOutByMistake(pt *point, on ledger.Date) {
	handout := ask(p, on, waveField, pt.station.coordinator(), p.Keeper.HandOut, p.handout(pt.code, on, patrolAction, goods{food: 1, leaflet: 2}))
	askLater(p, on+1, waveMending, pt.station.coordinator(), p.Keeper.Reverse, func() ledger.Reversal {
		return ledger.Reversal{Entry: handout.number, On: on + 1, Reason: "recorded twice"}
	})
}

// The county's goods of the report: 800,000.00 yuan, all of it given out.
const (
	heaters     = 1600
	livingPacks = 4000
)

// countyGoods takes one county's gifts in kind in and gives all of them out at the points of its station, at the cost they came with.
func (p *plan) countyGoods() {
	s := p.countyStation()
	ask(p, firstDay+1, waveIncome, s.keeper(), p.Keeper.Receive, warehouse.Receipt{
		Location: s.warehouse, Kind: warehouse.InKind, Party: county, Fund: countyFund, On: firstDay + 1, Evidence: "appraisal",
		Lines: []warehouse.ReceiptLine{
			{Item: heater, Quantity: whole(heaters), UnitPrice: price("250.00")},
			{Item: livingPack, Quantity: whole(livingPacks), UnitPrice: price("100.00")},
		},
	})
	needs := make([]goods, len(s.points))
	for i := range needs {
		needs[i] = goods{}
	}
	for i := range heaters {
		given := goods{heater: 1, livingPack: 2}
		if i < livingPacks-2*heaters {
			given[livingPack]++
		}
		n := p.IntN(len(s.points))
		needs[n].add(given)
		on := p.day(s.points[n].opens+1, lastDay)
		ask(p, on, waveField, s.coordinator(), p.Keeper.HandOut, p.handout(s.points[n].code, on, visitAction, given))
	}
	for n, pt := range s.points {
		p.send(transfer{s.warehouse, pt.code, needs[n], pt.opens, pt.opens + 1, s.keeper(), s.coordinator()}, waveForward, needs[n].arrival())
	}
}

func (p *plan) countyStation() *station {
	for i := range p.stations {
		if p.stations[i].code == countyStation {
			return &p.stations[i]
		}
	}
	panic("demo: there is no station " + countyStation)
}

// exercises are drills. They take numbers and never count.
func (p *plan) exercises() {
	for n := range 12 {
		pt := p.points[n*60]
		on := pt.opens + 1
		h := p.handout(pt.code, on, safetyAction, goods{coat: 2, quilt: 2})
		if n%2 == 0 {
			h.Campaign = drillCampaign
		} else {
			h.Drill = true
		}
		ask(p, on, waveField, pt.station.coordinator(), p.Keeper.HandOut, h)
	}
}
