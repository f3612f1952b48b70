package main

import (
	"time"

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
	return w
}
