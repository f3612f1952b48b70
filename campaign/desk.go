// Package campaign keeps the operation: campaigns, their actions, and what was done.
package campaign

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// Desk is who answers for the record of the operation: it keeps the register of campaigns and builds the proposals of activities.
// It is safe for any number of callers.
type Desk struct {
	Book *ledger.Book

	// Place refuses a location that is not there or not open on that date. Nil means that locations are not checked.
	Place func(ctx context.Context, location string, on ledger.Date) error

	Campaigns *register.Register[Campaign]
}

// NewDesk gives the desk of a book. The clock dates changes of the register; nil means time.Now.
func NewDesk(book *ledger.Book, now func() time.Time) *Desk {
	return &Desk{Book: book, Campaigns: register.Open(book, now, campaignRules)}
}

// Check refuses a campaign or action that is not in the register, with NotFound, or a campaign not running on that date, with NotOpen,
// and says whether the campaign is a drill. An empty action means the campaign as a whole; empty both mean none, which is never a drill.
// Faults stand under /campaign and /action.
func (d *Desk) Check(ctx context.Context, code, action string, on ledger.Date) (drill bool, err error) {
	if code == "" && action == "" {
		return false, nil
	}
	c, err := d.Campaigns.Find(ctx, code)
	if err != nil {
		return false, ledger.At("/campaign", err)
	}
	var faults ledger.Faults
	if !c.period().Holds(on) {
		_ = faults.Add("/campaign", ledger.Refuse(ledger.NotOpen, "",
			fmt.Sprintf("campaign %s runs %s, not on %s", c.Code, c.period(), on)))
	}
	if action != "" && !slices.Contains(c.actionCodes(), action) {
		_ = faults.Add("/action", ledger.Refuse(ledger.NotFound, "",
			fmt.Sprintf("campaign %s has no action %.80q, it has %s", c.Code, action, cmp.Or(strings.Join(c.actionCodes(), ", "), "none"))))
	}
	return c.Drill, faults.Err()
}
