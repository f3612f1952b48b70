package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/uptrace/bun/schema"

	"reliefledger/auth"
	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/internal/register"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

type askedKey struct{}

// asked is who asks, and what for.
type asked struct {
	scope auth.Scope
	verb  auth.Verb
}

func askedBy(ctx context.Context) asked { a, _ := ctx.Value(askedKey{}).(asked); return a }

// confine ties the wings to the scope of the context, as the door does.
func (w *world) confine() {
	w.keeper.Charge, w.keeper.Campaign, w.officer.Campaign = w.officer.Charge, w.desk.Check, w.desk.Check
	open := func(ctx context.Context, code string, on ledger.Date) error {
		l, err := w.keeper.Locations.Find(ctx, code)
		if err != nil {
			return err
		}
		return l.Open(on)
	}
	w.desk.Place, w.officer.Place = open, open
	w.keeper.Locations.Confine(register.Reach[warehouse.Location]{
		Holds: func(ctx context.Context, l warehouse.Location) bool {
			a := askedBy(ctx)
			return a.scope.Reaches(a.verb, l.Path, "")
		},
		Where: func(ctx context.Context) schema.QueryWithArgs {
			a := askedBy(ctx)
			return a.scope.Where(a.verb, "r.path", "")
		},
	})
	w.officer.Funds.Confine(register.Reach[fund.Fund]{
		Holds: func(ctx context.Context, f fund.Fund) bool {
			a := askedBy(ctx)
			return a.scope.ReachesFund(a.verb, f.Code)
		},
	})
}

// as posts what a wing proposes, as somebody who may do the verb somewhere.
func as[R any](w *world, s auth.Scope, v auth.Verb, build func(context.Context, ledger.By, R) (*ledger.Proposal, error), request R) error {
	w.t.Helper()
	if !s.Allows(v) {
		return errors.New("forbidden")
	}
	ctx := context.WithValue(w.t.Context(), askedKey{}, asked{s, v})
	w.n++
	p, err := build(ctx, ledger.By{Actor: s.Actor, Key: "as-" + strings.Repeat("x", w.n)}, request)
	if err != nil {
		return err
	}
	if err := w.keeper.Confine(ctx, func(fund string, from, to []string) bool { return s.MayMove(v, fund, from, to) }, p); err != nil {
		return err
	}
	_, err = w.book.Post(ctx, p)
	return err
}

// A point's scope against every other point's objects: what is foreign is refused in the words of what is not there, and a verb
// that no grant allows is forbidden whatever it is about.
func TestAPointIsConfined(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.winter()
	w.receive("PT-2", "F1")
	w.receive("PT-1", "F2")
	w.confine()
	point := scope([3]string{"coordinator", "/51/5101/ST-1/PT-1/", "F1"})
	give := func(at, of string) warehouse.Handout {
		return warehouse.Handout{Location: at, People: 1, Lines: []warehouse.HandoutLine{{Item: "QUILT", Quantity: number("1"), Fund: of}}}
	}
	move := func(from, to string) warehouse.Dispatch {
		return warehouse.Dispatch{From: from, To: to, Lines: []warehouse.DispatchLine{{Item: "QUILT", Quantity: number("1"), Fund: "F1"}}}
	}
	patrol := func(at string) campaign.Activity {
		return campaign.Activity{Campaign: "COLD", Action: "patrol", Location: at, Measures: []campaign.ActivityMeasure{{Measure: "patrol-staff", Quantity: number("3")}}}
	}
	pay := fund.Payment{Kind: "relief-cash", Fund: "F1", Bank: "MAIN", Payee: "P-1", Amount: number("1"), Campaign: "COLD", Action: "patrol", Location: "PT-1"}
	arrive := func(waybill string) warehouse.Arrival {
		return warehouse.Arrival{Waybill: waybill, Lines: []warehouse.ArrivalLine{{Item: "QUILT", Quantity: number("1"), Outcome: warehouse.Good}}}
	}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"its own handout", as(w, point, auth.HandOut, w.keeper.HandOut, give("PT-1", "F1")), ""},
		{"a foreign point", as(w, point, auth.HandOut, w.keeper.HandOut, give("PT-2", "F1")), `location "PT-2" is not in the register`},
		{"a point that is not there", as(w, point, auth.HandOut, w.keeper.HandOut, give("PT-9", "F1")), `location "PT-9" is not in the register`},
		{"the station above", as(w, point, auth.HandOut, w.keeper.HandOut, give("ST-1", "F1")), `location "ST-1" is not in the register`},
		{"a foreign fund", as(w, point, auth.HandOut, w.keeper.HandOut, give("PT-1", "F2")), "stock:PT-1 holds 0 of QUILT for fund F2, 1 wanted"},
		{"sending away", as(w, point, auth.Transfer, w.keeper.Dispatch, move("PT-1", "PT-2")), `location "PT-2" is not in the register`},
		{"fetching", as(w, point, auth.Transfer, w.keeper.Dispatch, move("ST-1", "PT-1")), `location "ST-1" is not in the register`},
		{"a foreign arrival", as(w, point, auth.Transfer, w.keeper.Arrive, arrive("WB-ST-1-2024-00002")), `location "PT-2" is not in the register`},
		{"its own patrol", as(w, point, auth.Record, w.desk.Record, patrol("PT-1")), ""},
		{"a foreign patrol", as(w, point, auth.Record, w.desk.Record, patrol("PT-2")), `location "PT-2" is not in the register`},
		{"closing a foreign point", as(w, point, auth.ClosePoint, w.keeper.ClosePoint, warehouse.PointClosing{Location: "PT-2", Reason: "x"}), `location "PT-2" is not in the register`},
		{"paying", as(w, point, auth.Pay, w.officer.Pay, pay), "forbidden"},
		{"undoing a handout of its own", as(w, point, auth.Reverse, w.keeper.Reverse, ledger.Reversal{Entry: 6, Reason: "x"}), ""},
		{"undoing a foreign receipt", as(w, point, auth.Reverse, w.keeper.Reverse, ledger.Reversal{Entry: 3, Reason: "x"}), "QUILT would move between places or of a fund that its sender does not reach"},
		{
			"an officer of the point pays", as(w, scope([3]string{"finance", "/51/5101/ST-1/PT-1/", ""}), auth.Pay, w.officer.Pay, pay),
			"bank:MAIN holds 0.00 CNY for fund F1, 1.00 wanted",
		},
		{"an officer of the fund pays", as(w, scope([3]string{"finance", "", "F1"}), auth.Pay, w.officer.Pay, pay), ""},
		{"an officer of another fund pays", as(w, scope([3]string{"finance", "", "F2"}), auth.Pay, w.officer.Pay, pay), `fund "F1" is not in the register`},
		{"a keeper here and an auditor everywhere", as(w, scope([3]string{"keeper", "/51/5101/ST-1/PT-1/", ""}, [3]string{"auditor", "", ""}), auth.HandOut, w.keeper.HandOut, give("PT-2", "F1")), `location "PT-2" is not in the register`},
	} {
		var refusal *ledger.Refusal
		switch {
		case c.want == "" && c.err != nil:
			t.Errorf("%s: %v", c.name, c.err)
		case c.want != "" && (c.err == nil || c.err.Error() != c.want):
			t.Errorf("%s: %v, wanted %s", c.name, c.err, c.want)
		case strings.HasPrefix(c.want, "location") && (!errors.As(c.err, &refusal) || refusal.Code() != ledger.NotFound):
			t.Errorf("%s: code of %v", c.name, c.err)
		}
	}

	for number, want := range map[int64]bool{1: false, 3: false, 6: true, 9: false, 999: false} {
		if seen, err := point.Sees(t.Context(), w.book.DB(), number, 1); err != nil || seen[number] != want || seen[1] {
			t.Errorf("sees entry %d: %v, %v", number, seen, err)
		}
	}
	if seen, err := auth.Unbounded("console", w.book.ID).Sees(t.Context(), w.book.DB(), 999); err != nil || !seen[999] {
		t.Errorf("whoever reads everything asks the book itself: %v, %v", seen, err)
	}
}
