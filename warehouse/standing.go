package warehouse

import (
	"context"

	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// Standing tells where accounts stand, by the paths of their locations: one for what is at a location or went out of its door,
// two for goods on a waybill, and none for what stands nowhere, as a supplier or a bank. It is for
// those who may move goods at some places only. Accounts that nobody has used yet stand where their names say, too; a waybill that
// is not written yet stands nowhere.
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
	var rows []struct{ Name, Path string }
	err := k.Book.DB().NewRaw(`SELECT l.code AS name, l.path FROM locations l WHERE l.book_id = ?0 AND l.code IN (?1)
		UNION ALL
		SELECT w.document, l.path FROM (
			SELECT e.document, place.code FROM entries e JOIN dispatches d USING (book_id, number),
				LATERAL (VALUES (d.from_location), (d.to_location)) AS place (code)
			WHERE e.book_id = ?0 AND e.document IN (?1)
		) w JOIN locations l ON l.book_id = ?0 AND l.code = w.code ORDER BY 1, 2`, k.Book.ID, bun.List(names)).Scan(ctx, &rows)
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

// stands reports whether an account of the class is named after a location, or after a waybill from one.
func stands(a ledger.Account) bool {
	switch a.Class() {
	case ledger.Stock, ledger.Reserved, ledger.Quarantine, ledger.HandedOut, ledger.WrittenOff, ledger.Lost, ledger.Found, ledger.Opening, ledger.Transit:
		return true
	}
	return false
}
