package fund_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"reliefledger/fund"
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

func winter() fund.Fund {
	return fund.Fund{
		Code: "WINTER-23", Name: "冬季救助专项资金", Restricted: true, Purpose: "临时避寒",
		ValidFrom: ledger.NewDate(2023, 10, 1), ValidUntil: ledger.NewDate(2024, 6, 30),
	}
}

func TestFundsThatAreRefused(t *testing.T) {
	officer := fund.NewOfficer(pgtest.Book(t), pgtest.Now)
	ctx := t.Context()
	f := winter()
	f.Purpose, f.ValidUntil = "", ledger.NewDate(2023, 9, 30)
	_, err := officer.Funds.Create(ctx, "finance", f)
	wantFaults(t, "create", err,
		"invalid /purpose purpose of a restricted fund is empty, 1 to 500 characters wanted",
		"invalid /valid_until fund WINTER-23 is from 2023-10-01 to 2023-09-30, a first day not after the last wanted")

	f = winter()
	f.Code = strings.Repeat("F", 61)
	_, err = officer.Funds.Create(ctx, "finance", f)
	wantFaults(t, "create", err, "invalid /code fund code has 61 characters, at most 60 wanted")

	_, err = officer.Funds.Create(ctx, "finance", winter())
	wantFaults(t, "create", err)
	f = winter()
	f.Custody = true
	_, err = officer.Funds.Change(ctx, "finance", "WINTER-23", 1, f)
	wantFaults(t, "change", err, "invalid /custody fund WINTER-23 was created with custody false: its goods would change their owner")
	f = winter()
	f.Restricted, f.Purpose, f.ValidUntil = false, "", 0
	row, err := officer.Funds.Change(ctx, "finance", "WINTER-23", 1, f)
	wantFaults(t, "release", err)
	if row.Record != f {
		t.Errorf("changed to %+v", row.Record)
	}
}

func TestCharge(t *testing.T) {
	officer := fund.NewOfficer(pgtest.Book(t), pgtest.Now)
	ctx := t.Context()
	open := fund.Fund{Code: "GENERAL", Name: "一般资金"}
	for _, f := range []fund.Fund{winter(), open, {Code: "HELD", Name: "代管", Custody: true}} {
		_, err := officer.Funds.Create(ctx, "finance", f)
		wantFaults(t, f.Code, err)
	}
	for _, c := range []struct {
		fund  string
		on    ledger.Date
		fault []string
	}{
		{"WINTER-23", ledger.NewDate(2023, 10, 1), nil},
		{"WINTER-23", ledger.NewDate(2024, 6, 30), nil},
		{"WINTER-23", ledger.NewDate(2024, 7, 1), []string{"not-open  fund WINTER-23 is valid from 2023-10-01 to 2024-06-30, not on 2024-07-01"}},
		{"WINTER-23", ledger.NewDate(2023, 9, 30), []string{"not-open  fund WINTER-23 is valid from 2023-10-01 to 2024-06-30, not on 2023-09-30"}},
		{"GENERAL", ledger.NewDate(1999, 1, 1), nil},
		{"HELD", ledger.NewDate(1999, 1, 1), nil},
		{"SUMMER-23", ledger.NewDate(2023, 10, 1), []string{`not-found  fund "SUMMER-23" is not in the register`}},
	} {
		custody, err := officer.Charge(ctx, c.fund, c.on)
		wantFaults(t, c.fund+" on "+c.on.String(), err, c.fault...)
		if custody != (c.fund == "HELD") {
			t.Errorf("fund %s: custody %t", c.fund, custody)
		}
	}
}
