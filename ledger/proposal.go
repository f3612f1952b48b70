package ledger

import "github.com/shopspring/decimal"

// Proposal is what a wing wants recorded. Posting it either records one entry, answers with the entry its key
// already made, or refuses it and leaves no trace.
type Proposal struct {
	Header
	Reverses int64 // number of the entry this one undoes, or 0; set by Book.Reverse
	Needs    Needs
	// Compose makes the entry on cells that are proven current. It must be pure: it may run again when another
	// server was faster. Returning a *Refusal refuses the proposal without hurting its neighbours in the batch.
	Compose func(*Draft) error

	alone bool // must not share a batch
	sees  func(CellKey) bool
	check func(Move) error
}

// Needs names what Compose will look at, so that the committer can read all of it in one query before it composes.
// Looking at something that was not named here panics: it would be an unproven read. Only accounts that carry the name of the
// entry's own document need not be named, they are new.
type Needs struct {
	Groups   []Group     // all lots and funds of one item in one account
	Accounts []Account   // everything in an account, to close a place
	Lots     []Commodity // one lot wherever it is, to revalue it
	Tallies  []string    // counters, as "series:HO-0031-2023"
	Since    Date        // a day before the entry's own, at the end of which cells are looked at too
}

// since is the first day whose end Compose looks at.
func (p *Proposal) since() Date {
	if p.Needs.Since.IsZero() {
		return p.On
	}
	return min(p.On, p.Needs.Since)
}

// Group is all cells of one item (or currency) in one account.
type Group struct {
	Account Account
	Item    string
}

// Tally is a counter kept under the same proof as the cells: numbers of a document series,
// what was returned of a handout, whether a document was approved.
type Tally struct {
	Quantity decimal.Decimal
	Value    decimal.Decimal
}
