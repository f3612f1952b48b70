package campaign_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"reliefledger/campaign"
	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// wantFaults wants err to be a refusal of exactly these faults, written "code pointer message"; none means no error.
func wantFaults(t *testing.T, what string, err error, faults ...string) {
	t.Helper()
	var refusal *ledger.Refusal
	var got []string
	switch {
	case errors.As(err, &refusal):
		for _, f := range refusal.Faults {
			got = append(got, fmt.Sprintf("%s %s %s", f.Code, f.Pointer, f.Message))
		}
	case err != nil:
		t.Fatalf("%s: %v", what, err)
	}
	if !reflect.DeepEqual(got, faults) {
		t.Errorf("%s: refused with\n%s\nwanted\n%s", what, strings.Join(got, "\n"), strings.Join(faults, "\n"))
	}
}

func winter() campaign.Campaign {
	return campaign.Campaign{
		Code: "WINTER-23", Name: "寒冬送温暖", StartsOn: ledger.NewDate(2023, 11, 1), EndsOn: ledger.NewDate(2024, 3, 31),
		Actions: []campaign.Action{{Code: "PATROL", Name: "街面巡查"}, {Code: "SHELTER", Name: "临时避寒"}},
	}
}

func TestCampaignsThatAreRefused(t *testing.T) {
	desk := campaign.NewDesk(pgtest.Book(t), pgtest.Now)
	ctx := t.Context()
	_, err := desk.Campaigns.Create(ctx, "auditor", campaign.Campaign{
		Code: "WINTER-23", Name: "寒冬送温暖", EndsOn: ledger.NewDate(2024, 3, 31),
		Actions: []campaign.Action{{Code: "PATROL", Name: "街面巡查"}, {Code: "PATROL"}},
	})
	wantFaults(t, "create", err,
		"invalid /starts_on campaign WINTER-23 has no first day, one wanted",
		"invalid /actions/1/name action name is empty, 1 to 120 characters wanted",
		"invalid /actions/1/code action PATROL of campaign WINTER-23 is there twice")

	_, err = desk.Campaigns.Create(ctx, "auditor", winter())
	wantFaults(t, "create", err)
	c := winter()
	c.Drill, c.Actions = true, []campaign.Action{{Code: "PATROL", Name: "街面巡查"}, {Code: "VISIT", Name: "走访"}}
	_, err = desk.Campaigns.Change(ctx, "auditor", "WINTER-23", 1, c)
	wantFaults(t, "change", err,
		"invalid /drill campaign WINTER-23 was created with drill false: its totals would change after the fact",
		"invalid /actions campaign WINTER-23 would lose action SHELTER: documents name it")
	c = winter()
	c.Actions[0].Name = "街面巡查劝导"
	c.Actions = append(c.Actions, campaign.Action{Code: "VISIT", Name: "走访"})
	row, err := desk.Campaigns.Change(ctx, "auditor", "WINTER-23", 1, c)
	wantFaults(t, "new action", err)
	read, err := desk.Campaigns.Read(ctx, "WINTER-23")
	wantFaults(t, "read", err)
	if !reflect.DeepEqual(read.Record, c) || row.Version != 2 {
		t.Errorf("changed to %+v", read)
	}
}

func TestCheck(t *testing.T) {
	desk := campaign.NewDesk(pgtest.Book(t), pgtest.Now)
	ctx := t.Context()
	exercise := winter()
	exercise.Code, exercise.Drill, exercise.Actions = "DRILL-23", true, nil
	for _, c := range []campaign.Campaign{winter(), exercise} {
		_, err := desk.Campaigns.Create(ctx, "auditor", c)
		wantFaults(t, c.Code, err)
	}
	first, after := ledger.NewDate(2023, 11, 1), ledger.NewDate(2024, 4, 1)
	for _, c := range []struct {
		code, action string
		on           ledger.Date
		drill        bool
		faults       []string
	}{
		{"WINTER-23", "PATROL", first, false, nil},
		{"WINTER-23", "", first, false, nil},
		{"DRILL-23", "", first, true, nil},
		{"", "", after, false, nil},
		{"", "PATROL", first, false, []string{`not-found /campaign campaign "" is not in the register`}},
		{"SUMMER-23", "PATROL", first, false, []string{`not-found /campaign campaign "SUMMER-23" is not in the register`}},
		{"WINTER-23", "PARTY", after, false, []string{
			"not-open /campaign campaign WINTER-23 runs from 2023-11-01 to 2024-03-31, not on 2024-04-01",
			`not-found /action campaign WINTER-23 has no action "PARTY", it has PATROL, SHELTER`,
		}},
		{"DRILL-23", "PARTY", first, true, []string{`not-found /action campaign DRILL-23 has no action "PARTY", it has none`}},
	} {
		drill, err := desk.Check(ctx, c.code, c.action, c.on)
		wantFaults(t, c.code+" "+c.action, err, c.faults...)
		if drill != c.drill {
			t.Errorf("%s is a drill: %t", c.code, drill)
		}
	}
}
