package ledger_test

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// request is one thing that somebody may ask of a book: the engine is asked through proposal, the reference through answer.
type request struct {
	do       string // kind of the entry it would make
	key      string
	actor    string
	on       ledger.Date
	place    ledger.Account
	to       ledger.Account
	fund     string
	of       ledger.Commodity
	decimals int32
	expires  ledger.Date
	quantity string
	value    string
	entry    int64
	line     int
	until    ledger.Date
	reason   string
	seen     int64 // the last entry when it was built
}

// content is what the sender sent, by the names of its fields.
func (q request) content() map[string]string {
	fields := map[string]string{}
	put := func(name, value string) {
		if value != "" {
			fields[name] = value
		}
	}
	switch q.do {
	case "reversal":
		put("entry", fmt.Sprint(q.entry))
		put("on", q.on.String())
		put("reason", q.reason)
	case "close", "reopen-proposal":
		put("until", q.until.String())
		put("reason", q.reason)
	case "reopen":
		put("proposal", fmt.Sprint(q.entry))
	default:
		put("do", q.do)
		put("on", q.on.String())
		put("place", string(q.place))
		put("to", string(q.to))
		put("fund", q.fund)
		put("of", q.of.String())
		put("quantity", q.quantity)
		put("value", q.value)
		put("entry", fmt.Sprint(q.entry, "/", q.line))
	}
	return fields
}

// ofPeriods reports whether the request opens or closes dates: its date is today's, and it travels alone.
func (q request) ofPeriods() bool {
	return q.do == "close" || q.do == "reopen-proposal" || q.do == "reopen"
}

func (q request) cell() ledger.CellKey {
	return ledger.CellKey{Account: q.place, Fund: q.fund, Commodity: q.of}
}

var items = []string{"QUILT", "RICE"}

// needs is what the request must see. What it gives back, or the moves it undoes, is read from the reference.
func (q request) needs(r *reference) (n ledger.Needs) {
	group := func(a ledger.Account, item string) { n.Groups = append(n.Groups, ledger.Group{Account: a, Item: item}) }
	switch q.do {
	case "receipt", "move":
		group(q.place, q.of.Item)
		group(q.to, q.of.Item)
	case "stubborn":
		group(q.place, q.of.Item)
		group(q.to, q.of.Item)
		group("stock:nowhere", q.of.Item)
	case "handout", "pick":
		group(q.place, q.of.Item)
		group(q.to, q.of.Item)
		n.Tallies = []string{ledger.SeriesTally("HO-" + q.place.Name())}
	case "dispatch": // to an account that is named after its own document
		group(q.place, q.of.Item)
		n.Tallies = []string{ledger.SeriesTally("WB-" + q.place.Name())}
	case "revaluation":
		group(q.to, q.of.Item)
		n.Lots = []ledger.Commodity{q.of}
	case "clearing":
		for _, item := range append(items, "CNY") {
			group(q.to, item)
		}
		n.Accounts = []ledger.Account{q.place}
	case "handout-return":
		m := r.entries[q.entry-1].moves[q.line-1]
		group(m.from, m.of.Item)
		group(m.to, m.of.Item)
		n.Tallies = []string{ledger.ReturnedTally(q.entry, q.line), ledger.ReversedTally(q.entry)}
	case "approval":
		n.Tallies = []string{"approved:" + q.fund}
	case "reversal":
		for _, m := range r.entries[q.entry-1].moves {
			group(m.from, m.of.Item)
			group(m.to, m.of.Item)
		}
	}
	return n
}

// proposal asks the engine.
func (q request) proposal(b *ledger.Book, r *reference) (*ledger.Proposal, error) {
	by := ledger.By{Actor: q.actor, Key: q.key}
	switch q.do {
	case "reversal":
		return b.Reverse(context.Background(), by, ledger.Reversal{Entry: q.entry, On: q.on, Reason: q.reason})
	case "close":
		return b.ClosePeriod(by, ledger.Close{Until: q.until, Reason: q.reason})
	case "reopen-proposal":
		return b.ProposeReopening(by, ledger.Reopening{Until: q.until, Reason: q.reason})
	case "reopen":
		return b.Reopen(context.Background(), by, q.entry)
	}
	header := ledger.Header{Kind: q.do, On: q.on, Actor: q.actor, Key: q.key, Content: q.content()}
	return &ledger.Proposal{Header: header, Needs: q.needs(r), Compose: q.compose(r)}, nil
}

func (q request) compose(r *reference) func(*ledger.Draft) error {
	move := ledger.Move{From: q.place, To: q.to, Fund: q.fund, Commodity: q.of}
	if q.quantity != "" {
		move.Quantity = dec(q.quantity)
	}
	if q.value != "" {
		move.Value = dec(q.value)
	}
	lot := ledger.Lot{Commodity: q.of, Decimals: q.decimals, Expires: q.expires, Received: q.on}
	switch q.do {
	case "receipt":
		return func(d *ledger.Draft) error { d.NewLot(lot); return d.Move(move) }
	case "stubborn":
		return func(d *ledger.Draft) error {
			d.NewLot(lot)
			lost := move
			lost.From, lost.To = "stock:nowhere", q.to
			_ = d.Move(lost)
			return d.Move(move)
		}
	case "move":
		return func(d *ledger.Draft) error { return d.Move(move) }
	case "pick":
		return func(d *ledger.Draft) error {
			d.Document("HO-" + q.place.Name())
			_, err := d.Take(q.cell(), q.to, move.Quantity)
			return err
		}
	case "dispatch":
		return func(d *ledger.Draft) error {
			_, err := d.Take(q.cell(), ledger.Transit.In(d.Document("WB-"+q.place.Name())), move.Quantity)
			return err
		}
	case "handout":
		return q.handOut
	case "revaluation":
		return q.revalue
	case "clearing":
		return q.clear
	case "handout-return":
		return q.giveBack(r.entries[q.entry-1].moves[q.line-1])
	case "approval":
		return func(d *ledger.Draft) error {
			if d.Tally("approved:" + q.fund).Quantity.IsPositive() {
				return ledger.Refuse(ledger.AlreadyDone, "", "approved before")
			}
			d.Count("approved:"+q.fund, dec("1"), dec("7.5"))
			return nil
		}
	}
	return func(*ledger.Draft) error { panic("no such " + q.do) }
}

func (q request) handOut(d *ledger.Draft) error {
	d.Document("HO-" + q.place.Name())
	left := dec(q.quantity)
	for _, c := range d.Cells(q.place, q.of.Item) {
		if n := decimal.Min(left, c.Quantity); n.IsPositive() {
			if _, err := d.Take(c.CellKey, q.to, n); err != nil {
				return err
			}
			left = left.Sub(n)
		}
	}
	if left.IsPositive() {
		return ledger.Refuse(ledger.Insufficient, "/quantity", fmt.Sprintf("%s lacks %s of %s", q.place, left, q.of.Item))
	}
	return nil
}

// revalue shares a value among the places that hold a lot: from q.to to them, or with place set from them to q.to.
func (q request) revalue(d *ledger.Draft) error {
	var cells []ledger.Cell
	var weights []decimal.Decimal
	for _, c := range d.Lot(q.of) {
		if c.Account.Floored() && c.Quantity.IsPositive() {
			cells, weights = append(cells, c), append(weights, c.Quantity)
		}
	}
	if len(cells) == 0 {
		return ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("nothing is left of %s", q.of))
	}
	for i, part := range ledger.Shares(dec(q.value), weights, 2) {
		m := ledger.Move{From: q.to, To: cells[i].Account, Fund: cells[i].Fund, Commodity: q.of, Value: part}
		if q.place != "" {
			m.From, m.To = m.To, m.From
		}
		if part.IsZero() {
			continue
		}
		if err := d.Move(m); err != nil {
			return err
		}
	}
	return nil
}

func (q request) clear(d *ledger.Draft) error {
	for _, c := range d.Everything(q.place) {
		if c.Quantity.IsPositive() {
			if _, err := d.Take(c.CellKey, q.to, c.Quantity); err != nil {
				return err
			}
		}
	}
	return nil
}

func (q request) giveBack(was shift) func(*ledger.Draft) error {
	return func(d *ledger.Draft) error {
		returned := ledger.ReturnedTally(q.entry, q.line)
		if d.Tally(ledger.ReversedTally(q.entry)).Quantity.IsPositive() {
			return ledger.Refuse(ledger.AlreadyDone, "", "reversed before")
		}
		back, quantity := d.Tally(returned), dec(q.quantity)
		left := dec(was.quantity.String()).Sub(back.Quantity)
		if left.LessThan(quantity) {
			return ledger.Refuse(ledger.Insufficient, "/quantity", fmt.Sprintf("%s may come back", left))
		}
		value := ledger.Portion(left, dec(was.value.String()).Sub(back.Value), quantity, 2)
		d.Count(returned, quantity, value)
		return d.Move(ledger.Move{From: was.to, To: was.from, Fund: was.fund, Commodity: was.of, Quantity: quantity, Value: value})
	}
}
