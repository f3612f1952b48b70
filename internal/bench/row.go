package main

import (
	"fmt"
	"slices"
	"strings"
)

// row is one line of the table: a case, what it was measured against, what was reached and what was wanted.
type row struct {
	Case    string    `json:"case"`
	Against string    `json:"against"`
	Reached float64   `json:"reached"`
	Wanted  float64   `json:"wanted"` // 0 when the row only informs
	AtMost  bool      `json:"at_most"`
	Unit    string    `json:"unit"` // ×, ms or MB
	Pass    bool      `json:"pass"`
	Note    string    `json:"note,omitempty"`
	Sides   []figures `json:"sides,omitempty"` // of the case, then of what it was measured against
}

// ratio compares two sides that were measured in the same rounds by their operations per second. It is the median of the ratios of the rounds:
// a machine that others share is faster in one minute than in the next, for both sides of a round alike.
func ratio(name, against string, wanted float64, of, to figures) row {
	ratios := make([]float64, len(of.Rounds))
	for i, perSecond := range of.Rounds {
		ratios[i] = perSecond / to.Rounds[i]
	}
	reached := median(ratios, func(r float64) float64 { return r })
	return row{Case: name, Against: against, Reached: reached, Wanted: wanted, Unit: "×", Pass: reached >= wanted, Sides: []figures{of, to}}
}

// atMost is a row of a limit that must not be passed.
func atMost(name string, reached, wanted float64, unit string, sides ...figures) row {
	return row{Case: name, Against: "–", Reached: reached, Wanted: wanted, AtMost: true, Unit: unit, Pass: reached <= wanted, Sides: sides}
}

func (r row) reached() string {
	switch {
	case r.Unit == "×" && r.Reached < 10:
		return fmt.Sprintf("%.2f×", r.Reached)
	case r.Unit == "×":
		return fmt.Sprintf("%.0f×", r.Reached)
	default:
		return fmt.Sprintf("%.1f %s", r.Reached, r.Unit)
	}
}

func (r row) wanted() string {
	switch {
	case r.Wanted == 0:
		return "–"
	case r.AtMost:
		return fmt.Sprintf("≤ %g %s", r.Wanted, r.Unit)
	default:
		return fmt.Sprintf("≥ %g%s", r.Wanted, r.Unit)
	}
}

func (r row) verdict() string {
	switch {
	case r.Wanted == 0:
		return ""
	case r.Pass:
		return "PASS"
	default:
		return "miss"
	}
}

func (r row) String() string {
	return strings.Join(slices.DeleteFunc([]string{r.Case, "against " + r.Against, r.reached(), r.wanted(), r.verdict(), r.Note}, func(s string) bool { return s == "" }), ", ")
}
