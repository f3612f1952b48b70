package warehouse

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// Standing tells where accounts stand, by the paths of their locations: one for what is at a location or went out of its door,
// two for goods on a waybill or reserved for a request, the one they leave before the one they are for, and none for what stands
// nowhere, as a supplier or a bank. It is for those who may move goods at some places only. Accounts that nobody has used yet
// stand where their names say, too; a waybill that is not written yet stands nowhere.
func (k *Keeper) Standing(ctx context.Context, accounts []ledger.Account) (map[ledger.Account][]string, error) {
	var names []string
	for _, a := range accounts {
		if stands(a) {
			names = append(names, a.Name())
		}
	}
	standing := make(map[ledger.Account][]string, len(names))
	if len(names) == 0 {
		return standing, nil
	}
	var rows []struct {
		Name, Path string
		Side       int
	}
	err := k.Book.DB().NewRaw(`SELECT l.code AS name, l.path, 0 AS side FROM locations l WHERE l.book_id = ?0 AND l.code IN (?1)
		UNION ALL
		SELECT w.document, l.path, w.side FROM (
			SELECT e.document, place.code, place.side FROM entries e
				JOIN (SELECT book_id, number, from_location, to_location FROM dispatches UNION ALL SELECT book_id, number, from_location, to_location FROM requests) d USING (book_id, number),
				LATERAL (VALUES (d.from_location, 1), (d.to_location, 2)) AS place (code, side)
			WHERE e.book_id = ?0 AND e.document IN (?1)
		) w JOIN locations l ON l.book_id = ?0 AND l.code = w.code ORDER BY name, side`, k.Book.ID, bun.List(names)).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	paths := map[string][]string{}
	for _, row := range rows {
		paths[row.Name] = append(paths[row.Name], row.Path)
	}
	for _, a := range accounts {
		if stands(a) && len(paths[a.Name()]) > 0 {
			standing[a] = paths[a.Name()]
		}
	}
	return standing, nil
}

// Confine binds proposals to the ends and the funds that may allows: what a request named was looked at before, this sees what it comes
// to. Goods and money beyond look as if they were not there. Unknown places are nobody's but of those who may move everywhere.
func (k *Keeper) Confine(ctx context.Context, may func(fund string, from, to []string) bool, proposals ...*ledger.Proposal) error {
	var touched []ledger.Account
	var lots []ledger.Commodity
	for _, p := range proposals {
		touched, lots = append(touched, p.Needs.Touched()...), append(lots, p.Needs.Lots...)
	}
	held, err := k.everHeld(ctx, lots)
	if err != nil {
		return err
	}
	touched = append(touched, held...)
	standing, err := k.Standing(ctx, touched)
	if err != nil {
		return err
	}
	// A waybill that the very entry writes stands nowhere yet; its ends were named.
	written := func(a ledger.Account) bool {
		return a.Class() == ledger.Transit && standing[a] == nil && !slices.Contains(touched, a)
	}
	end := func(a ledger.Account) []string {
		if paths := standing[a]; paths != nil || !stands(a) || written(a) {
			return paths
		}
		return unknown
	}
	// What is reserved is seen from both ends of its request, and moved only by who keeps it, also back from a waybill.
	mover := func(a ledger.Account) []string {
		if a.Class() == ledger.Reserved {
			return end(a)[:1]
		}
		return end(a)
	}
	sees := func(c ledger.CellKey) bool { return may(c.Fund, end(c.Account), nil) }
	check := func(m ledger.Move) error {
		if may(m.Fund, mover(m.From), mover(m.To)) {
			return nil
		}
		return beyond(m)
	}
	for _, p := range proposals {
		p.Bind(sees, check)
	}
	return nil
}

// everHeld are the accounts that ever held one of the lots. A lot is looked at wherever it is, so an account that is missing here, because
// goods reach it meanwhile, must look foreign.
func (k *Keeper) everHeld(ctx context.Context, lots []ledger.Commodity) (accounts []ledger.Account, err error) {
	if len(lots) == 0 {
		return nil, nil
	}
	pairs := make([][]string, len(lots))
	for i, l := range lots {
		pairs[i] = []string{l.Item, l.Lot}
	}
	err = k.Book.DB().NewRaw("SELECT DISTINCT account FROM cells WHERE book_id = ? AND (item, lot) IN (?)", k.Book.ID, bun.Tuple(pairs)).Scan(ctx, &accounts)
	return accounts, err
}

func beyond(m ledger.Move) error {
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Code: ledger.FundNotAllowed, Item: m.Item,
		Message: fmt.Sprintf("%s would move between places or of a fund that its sender does not reach", m.Item),
		Hint:    "name the lot or the fund of goods that you keep",
	}}}
}

// unknown is a place that is under no root.
var unknown = []string{"?"}

// stands reports whether an account of the class is named after a location, or after a waybill or a request from one to another.
func stands(a ledger.Account) bool {
	switch a.Class() {
	case ledger.Stock, ledger.Reserved, ledger.Quarantine, ledger.HandedOut, ledger.WrittenOff, ledger.Lost, ledger.Found, ledger.Opening, ledger.Assembly, ledger.Transit:
		return true
	}
	return false
}
