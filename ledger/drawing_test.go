package ledger_test

import (
	"fmt"

	"pgregory.net/rapid"

	"reliefledger/ledger"
)

var (
	places  = []ledger.Account{"stock:A", "stock:B", "stock:C", "quarantine:A", "transit:W1"}
	sources = []ledger.Account{"supplier:S", "donor:D", "opening:O"}
	ends    = []ledger.Account{"handed-out:A", "handed-out:A", "handed-out:B", "lost:A", "interfund:F2", "stock:B", "stock:C", "quarantine:A", "transit:W1"}
	strange = []ledger.Account{
		"bank:B1", "cash:C1", "income:G", "expense:X", "landed:R", "stock:A", "stock:B", "found:A", "supplier:S", "nowhere:A", "stock:", "stock:a b", "stock",
	}
)

// draw makes a request: now and then one that was sent before, unchanged or with other content.
func (p *play) draw(t *rapid.T) request {
	if len(p.sent) > 0 && rapid.IntRange(0, 7).Draw(t, "again") == 0 {
		q := rapid.SampledFrom(p.sent).Draw(t, "sent")
		if q.do != "handout-return" && rapid.IntRange(0, 3).Draw(t, "changed") == 0 {
			q.quantity, q.reason = "3", "another"
		}
		return q
	}
	q := request{
		key: fmt.Sprint("key-", len(p.sent)), on: p.date(t), actor: rapid.SampledFrom([]string{"keeper", "officer", "auditor"}).Draw(t, "actor"),
		fund: rapid.SampledFrom([]string{"F1", "F1", "F2"}).Draw(t, "fund"), reason: rapid.SampledFrom([]string{"counted twice", `it's "so"\`, "数错了"}).Draw(t, "reason"),
	}
	// What stands first is drawn more often.
	q.do = rapid.SampledFrom([]string{
		"handout", "pick", "receipt", "dispatch", "move", "handout-return", "reversal", "revaluation", "clearing", "receipt", "close", "reopen-proposal", "reopen",
		"approval", "stubborn", "panic",
	}).Draw(t, "do")
	if len(p.lots) == 0 || len(p.entries) == 0 {
		q.do = "receipt"
	}
	if len(p.sent) > 0 && rapid.IntRange(0, 15).Draw(t, "another's key") == 0 {
		q.key = rapid.SampledFrom(p.sent).Draw(t, "sent").key
	}
	p.fill(t, &q)
	return q
}

// fill draws what a kind of request needs.
func (p *play) fill(t *rapid.T, q *request) {
	end := func() ledger.Account { return rapid.SampledFrom(ends).Draw(t, "end") }
	entry := func() int64 { return rapid.Int64Range(1, int64(len(p.entries))+1).Draw(t, "entry") }
	switch q.do {
	case "receipt", "stubborn":
		p.receipt(t, q)
	case "handout":
		key := p.somewhere(t)
		q.place, q.to, q.of, q.quantity = key.Account, end(), ledger.Commodity{Item: key.Item}, p.quantity(t)
	case "pick", "dispatch":
		key := p.somewhere(t)
		q.place, q.fund, q.of = key.Account, key.Fund, key.Commodity
		q.to, q.quantity = end(), p.quantity(t)
		if rapid.IntRange(0, 9).Draw(t, "elsewhere") == 9 {
			q.place = rapid.SampledFrom([]ledger.Account{"supplier:S", "stock:C"}).Draw(t, "place")
		}
	case "move":
		p.move(t, q)
	case "revaluation":
		q.to, q.of, q.value = rapid.SampledFrom([]ledger.Account{"landed:R", "expense:X"}).Draw(t, "through"), p.known(t), p.value(t)
		if rapid.IntRange(0, 2).Draw(t, "down") == 0 {
			q.place = "stock:A"
		}
	case "clearing":
		q.place, q.to = p.somewhere(t).Account, end()
	case "handout-return":
		p.giveBack(t, q)
	case "reversal":
		q.entry = entry()
		if rapid.Bool().Draw(t, "today") {
			q.on = 0
		}
	case "close", "reopen-proposal":
		q.until = p.date(t) - 8
		if q.do == "reopen-proposal" && rapid.Bool().Draw(t, "everything") {
			q.until = 0
		}
	case "reopen":
		q.entry = p.proposed(t, entry())
	}
}

func (p *play) receipt(t *rapid.T, q *request) {
	q.of = ledger.Commodity{Item: rapid.SampledFrom(items).Draw(t, "item"), Lot: fmt.Sprint("L", len(p.sent))}
	if q.of.Item == "RICE" {
		q.decimals = 3
	}
	if rapid.Bool().Draw(t, "expires") {
		q.expires = p.date(t) + 30
	}
	q.place, q.to = rapid.SampledFrom(sources).Draw(t, "source"), rapid.SampledFrom(places).Draw(t, "place")
	q.quantity = rapid.SampledFrom([]string{"20", "10", "100", "7", "1", "3.125", "1000000000000"}).Draw(t, "quantity")
	q.value = p.value(t)
	p.lots = append(p.lots, q.of)
}

// somewhere is a cell of a real place that holds goods, or any known lot at any place.
func (p *play) somewhere(t *rapid.T) ledger.CellKey {
	held := p.cells(func(k ledger.CellKey) bool {
		return floored(k.Account) && k.Lot != "" && p.held(k, always).quantity.sign() > 0
	})
	if len(held) > 0 && rapid.IntRange(0, 7).Draw(t, "anywhere") < 7 {
		return rapid.SampledFrom(held).Draw(t, "cell")
	}
	return ledger.CellKey{Account: rapid.SampledFrom(places).Draw(t, "place"), Fund: "F1", Commodity: p.known(t)}
}

// move draws a move whose value is known: money, value without goods, goods that turn up, or nonsense.
func (p *play) move(t *rapid.T, q *request) {
	q.quantity, q.value = p.quantity(t), p.value(t)
	money := func(from, to ledger.Account) {
		q.place, q.to, q.of, q.quantity = from, to, ledger.Commodity{Item: "CNY"}, q.value
	}
	switch rapid.IntRange(0, 7).Draw(t, "which") {
	case 0:
		money("income:G", "bank:B1")
	case 1:
		money("bank:B1", "expense:X")
	case 2:
		money("bank:B1", "cash:C1")
	case 3, 4:
		key := p.somewhere(t)
		q.place, q.to, q.fund, q.of, q.quantity = "landed:R", key.Account, key.Fund, key.Commodity, "0"
	case 5:
		key := p.somewhere(t)
		q.place, q.to, q.fund, q.of = "found:A", key.Account, key.Fund, key.Commodity
	default:
		q.place, q.to = rapid.SampledFrom(strange).Draw(t, "from"), rapid.SampledFrom(strange).Draw(t, "to")
		q.of = p.known(t)
	}
}

// giveBack names something that was handed out, or turns into an approval where nothing was.
func (p *play) giveBack(t *rapid.T, q *request) {
	type line struct {
		entry int64
		line  int
	}
	var lines []line
	for _, e := range p.entries {
		for i, m := range e.moves {
			if m.to.Class() == "handed-out" && m.quantity.sign() > 0 {
				lines = append(lines, line{e.number, i + 1})
			}
		}
	}
	if len(lines) == 0 {
		q.do = "approval"
		return
	}
	one := rapid.SampledFrom(lines).Draw(t, "what")
	q.entry, q.line, q.quantity = one.entry, one.line, p.quantity(t)
}

// proposed is the last proposal to reopen, mostly.
func (p *play) proposed(t *rapid.T, otherwise int64) int64 {
	for i := len(p.entries) - 1; i >= 0; i-- {
		if p.entries[i].kind == "reopen-proposal" && rapid.IntRange(0, 4).Draw(t, "it") > 0 {
			return p.entries[i].number
		}
	}
	return otherwise
}

func (p *play) date(t *rapid.T) ledger.Date {
	if rapid.Bool().Draw(t, "today") {
		return p.today()
	}
	return p.today() - ledger.Date(rapid.SampledFrom([]int{1, 2, 3, 5, 8, 12, -1}).Draw(t, "days ago"))
}

func (p *play) known(t *rapid.T) ledger.Commodity { return rapid.SampledFrom(p.lots).Draw(t, "lot") }

func (p *play) quantity(t *rapid.T) string {
	return rapid.SampledFrom([]string{"1", "2", "3", "4", "5", "7", "10", "12", "0.5", "1.125", "1000000000000"}).Draw(t, "quantity")
}

func (p *play) value(t *rapid.T) string {
	return rapid.SampledFrom([]string{"100", "10", "99.99", "3.33", "1", "0.01", "0", "1234567890123456789.01", "1.005"}).Draw(t, "value")
}
