package register_test

import (
	"testing"

	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// TestCodesOfNobody uses the number that GB 11643 itself shows.
func TestCodesOfNobody(t *testing.T) {
	var c register.Complaints
	c.Code("/pseudonym", "pseudonym", "p-11010519491231002X")
	refused(t, c.Err(), "invalid /pseudonym pseudonym holds a resident number, a code without one wanted")
}

func TestPeriods(t *testing.T) {
	first, last := ledger.NewDate(2023, 11, 15), ledger.NewDate(2024, 2, 29)
	early := ledger.NewDate(1950, 1, 1)
	for _, c := range []struct {
		p    register.Period
		says string
		in   []ledger.Date
		out  []ledger.Date
	}{
		{register.Period{}, "always", []ledger.Date{early, first, last}, nil},
		{register.Period{First: first}, "from 2023-11-15", []ledger.Date{first, last}, []ledger.Date{first - 1, early}},
		{register.Period{Last: last}, "until 2024-02-29", []ledger.Date{early, last}, []ledger.Date{last + 1}},
		{register.Period{First: first, Last: last}, "from 2023-11-15 to 2024-02-29", []ledger.Date{first, last}, []ledger.Date{first - 1, last + 1}},
	} {
		if c.p.String() != c.says {
			t.Errorf("%v says %q, wanted %q", c.p, c.p.String(), c.says)
		}
		for _, on := range c.in {
			if !c.p.Holds(on) {
				t.Errorf("%s does not hold %s", c.p, on)
			}
		}
		for _, on := range c.out {
			if c.p.Holds(on) {
				t.Errorf("%s holds %s", c.p, on)
			}
		}
	}
	var c register.Complaints
	c.Period("/closes_on", "location PT-0031", register.Period{First: last, Last: first})
	refused(t, c.Err(), "invalid /closes_on location PT-0031 is from 2024-02-29 to 2023-11-15, a first day not after the last wanted")
}
