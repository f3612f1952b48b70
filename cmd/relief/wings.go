package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// wings are the three wings of one book. They do not know each other: what one must ask another is tied together here.
type wings struct {
	keeper  *warehouse.Keeper
	officer *fund.Officer
	desk    *campaign.Desk
}

func open(book *ledger.Book, now func() time.Time) wings {
	w := wings{warehouse.NewKeeper(book, now), fund.NewOfficer(book, now), campaign.NewDesk(book, now)}
	w.keeper.Charge = w.officer.Charge
	w.keeper.Campaign = w.desk.Check
	w.officer.Campaign = w.desk.Check
	w.officer.Party, w.officer.Item = w.party, w.item
	w.officer.Place, w.desk.Place = w.place, w.place
	return w
}

// place refuses a location that is not in the register, or not open on that date.
func (w wings) place(ctx context.Context, location string, on ledger.Date) error {
	l, err := w.keeper.Locations.Find(ctx, location)
	if err != nil {
		return err
	}
	return l.Open(on)
}

// item refuses an item that is not in the register, or a quantity that its base unit cannot count.
func (w wings) item(ctx context.Context, code string, quantity decimal.Decimal) error {
	item, err := w.keeper.Items.Find(ctx, code)
	if err != nil {
		return err
	}
	_, err = item.Quantity("", quantity)
	return err
}

// party refuses a party that is not in the register, or of none of the kinds.
func (w wings) party(ctx context.Context, code string, kinds ...string) error {
	p, err := w.keeper.Parties.Find(ctx, code)
	if err != nil || slices.Contains(kinds, p.Kind) {
		return err
	}
	return ledger.Refuse(ledger.Invalid, "", fmt.Sprintf("party %s is a %s, one of %q wanted", code, p.Kind, kinds))
}
