package campaign_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"reliefledger/campaign"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// station is a desk with a campaign and an exercise, at which only ST-1 is there.
func station(t *testing.T) *campaign.Desk {
	t.Helper()
	desk := campaign.NewDesk(pgtest.Book(t), pgtest.Now)
	desk.Place = func(_ context.Context, location string, _ ledger.Date) error {
		if location != "ST-1" {
			return ledger.Refuse(ledger.NotFound, "", "location "+location+" is not in the register")
		}
		return nil
	}
	_, err := desk.Campaigns.CreateMany(t.Context(), "desk", []campaign.Campaign{
		{Code: "COLD", Name: "寒潮", StartsOn: date("2024-01-01"), EndsOn: date("2024-03-31"), Actions: []campaign.Action{{Code: "patrol", Name: "巡查"}}},
		{Code: "DRILL", Name: "演练", StartsOn: date("2024-01-01"), Drill: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return desk
}

func date(s string) ledger.Date {
	d, err := ledger.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func counting(measure string, unit campaign.Unit, quantity string) campaign.ActivityMeasure {
	return campaign.ActivityMeasure{Measure: measure, Unit: unit, Quantity: decimal.RequireFromString(quantity)}
}

var patrol = campaign.Activity{
	Campaign: "COLD", Action: "patrol", Location: "ST-1", On: date("2024-01-15"),
	Measures: []campaign.ActivityMeasure{counting("patrol-staff", campaign.PersonTimes, "12"), counting("patrol-vehicles", "", "3")},
}

// row is what the book keeps of a measure.
type row struct {
	Number                                           int64
	Line                                             int
	Campaign, Action, Location, Measure, Unit, Count string
	Drill                                            bool
}

func rows(t *testing.T, desk *campaign.Desk) []row {
	t.Helper()
	var rows []row
	err := desk.Book.DB().NewRaw(`SELECT number, line, campaign, action, location, measure, unit, quantity AS count, drill
		FROM activities ORDER BY number, line`).Scan(t.Context(), &rows)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func record(t *testing.T, desk *campaign.Desk, key string, a campaign.Activity) (ledger.Posted, error) {
	t.Helper()
	p, err := desk.Record(t.Context(), ledger.By{Actor: "coordinator", Key: key}, a)
	if err != nil {
		return ledger.Posted{}, err
	}
	return desk.Book.Post(t.Context(), p)
}

func TestAnActivityIsKept(t *testing.T) {
	t.Parallel()
	desk := station(t)
	posted, err := record(t, desk, "k1", patrol)
	if err != nil {
		t.Fatal(err)
	}
	if posted.Document != "AC-ST-1-2024-00001" || posted.Kind != "activity" || len(posted.Moves) != 0 {
		t.Errorf("posted %+v", posted)
	}
	again, err := record(t, desk, "k1", patrol)
	if err != nil || !again.Replayed || again.Number != posted.Number {
		t.Errorf("the same request again: %+v, %v", again, err)
	}
	exercise, drill := patrol, patrol
	exercise.Campaign, exercise.Action = "DRILL", ""
	drill.Drill, drill.On = true, 0
	for key, a := range map[string]campaign.Activity{"k2": exercise, "k3": drill} {
		if _, err := record(t, desk, key, a); err != nil {
			t.Fatal(err)
		}
	}
	kept := rows(t, desk)
	want := []row{
		{1, 1, "COLD", "patrol", "ST-1", "patrol-staff", "person-times", "12", false},
		{1, 2, "COLD", "patrol", "ST-1", "patrol-vehicles", "vehicle-times", "3", false},
	}
	if len(kept) != 6 || !slices.Equal(kept[:2], want) {
		t.Errorf("kept %+v, want %+v first", kept, want)
	}
	for _, r := range kept[2:] {
		if !r.Drill {
			t.Errorf("an exercise counts: %+v", r)
		}
	}
}

func TestActivitiesRefused(t *testing.T) {
	t.Parallel()
	desk := station(t)
	with := func(change func(*campaign.Activity)) campaign.Activity {
		a := patrol
		change(&a)
		return a
	}
	for _, c := range []struct {
		name   string
		a      campaign.Activity
		faults []string
	}{
		{"everything at once", campaign.Activity{
			Campaign: "COLD", Action: "dance", Location: "ST-9", On: date("2024-04-01"),
			Measures: []campaign.ActivityMeasure{counting("smiles", "", "1"), counting("settled", campaign.PersonTimes, "1"), counting("visits", "", "0.5"), counting("visits", "", "0")},
		}, []string{
			"/campaign not-open campaign COLD runs from 2024-01-01 to 2024-03-31, not on 2024-04-01",
			"/action not-found campaign COLD has no action \"dance\", it has patrol",
			"/location not-found location ST-9 is not in the register",
			"/measures/0/measure not-found measure \"smiles\" is not known",
			"/measures/1/unit invalid measure settled counts persons, \"person-times\" wanted",
			"/measures/2/quantity invalid 0.5 person-times of visits, a whole number above zero wanted",
			"/measures/3/quantity invalid 0 person-times of visits, a whole number above zero wanted",
		}},
		{"nothing done", with(func(a *campaign.Activity) { a.Measures = nil }), []string{"/measures invalid an activity of 0 measures, at least 1 wanted"}},
		{"no campaign", with(func(a *campaign.Activity) { a.Campaign, a.Action = "", "" }), []string{"/campaign invalid an activity without a campaign, one wanted: no bulletin would count it"}},
		{"a place that is no code", with(func(a *campaign.Activity) { a.Location = "ST 1" }), []string{
			"/location invalid location \"ST 1\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
		}},
		{"less than nothing", with(func(a *campaign.Activity) { a.Measures = []campaign.ActivityMeasure{counting("visits", "", "-4")} }), []string{
			"/measures/0/quantity invalid -4 person-times of visits, a whole number above zero wanted",
		}},
	} {
		_, err := record(t, desk, "k", c.a)
		var refusal *ledger.Refusal
		if !errors.As(err, &refusal) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, f := range refusal.Faults {
			got = append(got, f.Pointer+" "+f.Code+" "+f.Message)
		}
		if !slices.Equal(got, c.faults) {
			t.Errorf("%s is refused with\n%q, want\n%q", c.name, got, c.faults)
		}
	}
	if kept := rows(t, desk); len(kept) != 0 {
		t.Errorf("refusals left %+v", kept)
	}
}

func TestAnActivityIsUndoneOnce(t *testing.T) {
	t.Parallel()
	desk := station(t)
	posted, err := record(t, desk, "k1", patrol)
	if err != nil {
		t.Fatal(err)
	}
	undo := func(key string) error {
		p, err := desk.Book.Reverse(t.Context(), ledger.By{Actor: "coordinator", Key: key}, ledger.Reversal{Entry: posted.Number, Reason: "recorded twice"})
		if err == nil {
			_, err = desk.Book.Post(t.Context(), p)
		}
		return err
	}
	if err := undo("k2"); err != nil {
		t.Fatal(err)
	}
	if err := undo("k3"); err == nil || err.Error() != "entry 1 was reversed already" {
		t.Errorf("undone twice: %v", err)
	}
}

func TestMeasuresAreApart(t *testing.T) {
	t.Parallel()
	for i, m := range campaign.Measures {
		if m.Unit.Chinese() == "" || m.Name == "" || m.NameEn == "" {
			t.Errorf("measure %s has no unit or no name", m.Code)
		}
		if first, _ := campaign.FindMeasure(m.Code); first != campaign.Measures[i] {
			t.Errorf("measure %s is there twice", m.Code)
		}
	}
}
