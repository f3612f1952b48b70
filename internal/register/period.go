package register

import "reliefledger/ledger"

// Period is a span of days, both ends included; a zero Date leaves its end open.
type Period struct{ First, Last ledger.Date }

// Holds reports whether a day lies in the period.
func (p Period) Holds(on ledger.Date) bool {
	return (p.First.IsZero() || on >= p.First) && (p.Last.IsZero() || on <= p.Last)
}

// String says the period as a sentence goes on: "from 2023-11-15 to 2024-02-29".
func (p Period) String() string {
	switch {
	case p.First.IsZero() && p.Last.IsZero():
		return "always"
	case p.First.IsZero():
		return "until " + p.Last.String()
	case p.Last.IsZero():
		return "from " + p.First.String()
	default:
		return "from " + p.First.String() + " to " + p.Last.String()
	}
}
