package campaign

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

var activities = ledger.Documents("activities",
	"campaign text", "action text", "location text", "measure text", "unit text", "quantity numeric", "drill boolean")

// Activity is what was done besides goods and money: a patrol, a round of visits, an escort. It is an entry without moves.
type Activity struct {
	Campaign string            `json:"campaign" doc:"Code of the campaign." example:"WINTER-23" minLength:"1" maxLength:"80"`
	Action   string            `json:"action" doc:"Code of one of the campaign's actions." example:"patrol" minLength:"1" maxLength:"80"`
	Location string            `json:"location" doc:"Where it was done, or the station that answers for it." example:"ST-5101-01" minLength:"1" maxLength:"80"`
	On       ledger.Date       `json:"on" required:"false" doc:"Day on which it was done; today when left out." example:"2023-12-24"`
	Drill    bool              `json:"drill" required:"false" doc:"An exercise: recorded, and never in any total."`
	Measures []ActivityMeasure `json:"measures" doc:"What was done, by measure." minItems:"1" maxItems:"100"`
}

// ActivityMeasure is one number of an activity.
type ActivityMeasure struct {
	Measure  string          `json:"measure" doc:"What is counted." example:"patrol-staff" minLength:"1" maxLength:"80"`
	Unit     Unit            `json:"unit" required:"false" doc:"What the sender believes the measure counts; refused when it counts something else." example:"person-times" enum:"person-times,persons,vehicle-times,times"`
	Quantity decimal.Decimal `json:"quantity" doc:"A whole number above zero." example:"12"`
}

// Record proposes an activity. All its failing lines are refused at once.
func (d *Desk) Record(ctx context.Context, by ledger.By, a Activity) (*ledger.Proposal, error) {
	on := a.On
	if on.IsZero() {
		on = d.Book.Today()
	}
	var faults ledger.Faults
	drill, err := d.Check(ctx, a.Campaign, a.Action, on)
	if err := faults.Add("", err); err != nil {
		return nil, err
	}
	if err := faults.Add("/location", d.place(ctx, a.Location, on)); err != nil {
		return nil, err
	}
	if a.Campaign == "" {
		_ = faults.Add("/campaign", ledger.Refuse(ledger.Invalid, "", "an activity without a campaign, one wanted: no bulletin would count it"))
	}
	if len(a.Measures) == 0 {
		_ = faults.Add("/measures", ledger.Refuse(ledger.Invalid, "", "an activity of 0 measures, at least 1 wanted"))
	}
	measures := make([]Measure, len(a.Measures))
	for i, m := range a.Measures {
		measures[i], err = m.check()
		if err := faults.Add(fmt.Sprintf("/measures/%d", i), err); err != nil {
			return nil, err
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	series := fmt.Sprintf("AC-%s-%d", a.Location, on.Year())
	return &ledger.Proposal{
		Header: ledger.Header{Kind: "activity", On: on, Actor: by.Actor, Key: by.Key, Content: a},
		Needs:  ledger.Needs{Tallies: []string{ledger.SeriesTally(series)}},
		Compose: func(draft *ledger.Draft) error {
			draft.Document(series)
			for i, m := range a.Measures {
				draft.Row(activities, a.Campaign, a.Action, a.Location, m.Measure, string(measures[i].Unit), m.Quantity, drill || a.Drill)
			}
			return nil
		},
	}, nil
}

func (d *Desk) place(ctx context.Context, location string, on ledger.Date) error {
	if err := ledger.CheckCode("location", location); err != nil {
		return ledger.Refuse(ledger.Invalid, "", err.Error())
	}
	if d.Place == nil {
		return nil
	}
	return d.Place(ctx, location, on)
}

// check refuses a measure that is not known, is sent in another unit, or is not a whole number above zero.
func (m ActivityMeasure) check() (Measure, error) {
	measure, known := FindMeasure(m.Measure)
	_, wrong := ledger.ParseNumber(m.Quantity.String(), 0)
	switch {
	case !known:
		return measure, ledger.Refuse(ledger.NotFound, "/measure", fmt.Sprintf("measure %.80q is not known", m.Measure))
	case m.Unit != "" && m.Unit != measure.Unit:
		return measure, ledger.Refuse(ledger.Invalid, "/unit",
			fmt.Sprintf("measure %s counts %s, %.80q wanted", m.Measure, measure.Unit, m.Unit))
	case wrong != nil || m.Quantity.IsZero():
		return measure, ledger.Refuse(ledger.Invalid, "/quantity",
			fmt.Sprintf("%.40s %s of %s, a whole number above zero wanted", m.Quantity.String(), measure.Unit, m.Measure))
	}
	return measure, nil
}
