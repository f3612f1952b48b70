package fund_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"reliefledger/fund"
	"reliefledger/ledger"
)

// TestInterfund is the worked case of five coats that cost 550.00, used by another fund and given back.
func TestInterfund(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receipt := w.receive("in-kind", "F2", day("2024-03-01"), line{"COAT", "25", "2750.00"})
	lend := fund.Interfund{FromFund: "F2", ToFund: "F1", Account: "stock:WH-1", Item: "COAT", Quantity: dec("5"), Reason: "cold wave, back in January"}
	posted := must(w, w.Lend, lend)
	if posted.Kind != "interfund" || posted.Document != "IF-F2-2024-00001" {
		t.Errorf("got %+v", posted.Entry)
	}
	coat := "COAT/" + receipt + ".1"
	w.holds("stock:WH-1 F2 "+coat+" 20 2200", "interfund:F1 F2 "+coat+" 5 550", "stock:WH-1 F1 "+coat+" 5 550", "interfund:F2 F1 "+coat+" -5 -550")
	w.carry("handout", day("2024-03-15"), "F1", "stock:WH-1", "handed-out:WH-1", "COAT", receipt+".1", "2")
	refused(w, w.reverse, posted.Number, "/entry moved-on: entry 2 cannot be undone, what it brought has moved on: stock:WH-1 holds 3 of "+coat+" for fund F1, 5 wanted")

	back := fund.Interfund{FromFund: "F1", ToFund: "F2", Account: "stock:WH-1", Item: "COAT", Quantity: dec("4"), Reason: "given back"}
	refused(w, w.Lend, back, "/quantity insufficient: stock:WH-1 holds 3 of COAT for fund F1, 4 wanted")
	back.Quantity = dec("3")
	must(w, w.Lend, back)
	w.holds("stock:WH-1 F2 "+coat+" 23 2530", "interfund:F1 F2 "+coat+" 2 220", "stock:WH-1 F1 "+coat+" 0 0", "interfund:F2 F1 "+coat+" -2 -220")
}

func TestInterfundOfSeveralLots(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.receive("purchase", "F1", day("2024-03-01"), line{"QUILT", "3", "100.00"})
	second := w.receive("purchase", "F1", day("2024-03-02"), line{"QUILT", "3", "90.00"})
	lend := fund.Interfund{FromFund: "F1", ToFund: "F2", Account: "stock:WH-1", Item: "QUILT", Quantity: dec("4"), Reason: "cold wave"}
	posted := must(w, w.Lend, lend)
	w.holds("stock:WH-1 F2 QUILT/"+first+".1 3 100", "stock:WH-1 F2 QUILT/"+second+".1 1 30", "stock:WH-1 F1 QUILT/"+second+".1 2 60")
	must(w, w.reverse, posted.Number)
	w.holds("stock:WH-1 F2 QUILT/"+first+".1 0 0", "stock:WH-1 F1 QUILT/"+first+".1 3 100", "stock:WH-1 F1 QUILT/"+second+".1 3 90")

	lend.Lot, lend.Quantity = second+".1", dec("1.5")
	must(w, w.Lend, lend)
	w.holds("stock:WH-1 F2 QUILT/" + second + ".1 1.5 45")
	lend.Quantity = dec("2")
	refused(w, w.Lend, lend, "/quantity insufficient: stock:WH-1 holds 1.5 of QUILT/"+second+".1 for fund F1, 2 wanted")
	lend.Quantity = dec("0.25")
	refused(w, w.Lend, lend, "/quantity invalid: 0.25 of QUILT/"+second+".1 has more than 1 decimals")
}

// TestGoodsOfAClosedLocationAreLent: where nothing can be is told, and what a closed place still holds may be lent.
func TestGoodsOfAClosedLocationAreLent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.receive("purchase", "F1", day("2024-03-01"), line{"QUILT", "3", "90.00"})
	w.Place = func(_ context.Context, location string, on ledger.Date) error {
		if location == "WH-1" {
			return ledger.Refuse(ledger.NotOpen, "", fmt.Sprintf("location %s is not open on %s", location, on))
		}
		return ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("location %q is not in the register", location))
	}
	lend := fund.Interfund{FromFund: "F1", ToFund: "F2", Account: "stock:NOPE", Item: "QUILT", Quantity: dec("1"), Reason: "cold wave"}
	refused(w, w.Lend, lend, `/account not-found: location "NOPE" is not in the register`)
	lend.Account = "stock:WH-1"
	must(w, w.Lend, lend)
}

// TestExpiredGoodsAreNotLent: what expires today is still good, what expired yesterday helps nobody.
func TestExpiredGoodsAreNotLent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.receive("purchase", "F1", day("2024-03-01"), line{"MILK@2024-03-14", "3", "30.00"}, line{"MILK@2024-03-15", "2", "20.00"})
	lend := fund.Interfund{FromFund: "F1", ToFund: "F2", Account: "stock:WH-1", Item: "MILK", Quantity: dec("3"), Reason: "cold wave"}
	refused(w, w.Lend, lend, "/quantity insufficient: stock:WH-1 holds 2 of MILK for fund F1, 3 wanted\n3 more are there but expired")
	lend.Quantity = dec("2")
	must(w, w.Lend, lend)
	w.holds("stock:WH-1 F2 MILK/GR-WH-1-2024-00001.2 2 20")
	w.tamper("UPDATE commodities SET expires_on = '2024-03-14' WHERE lot = 'GR-WH-1-2024-00001.2'")
	const lent = "interfund IF-F1-2024-00001 of 2024-03-15 lent MILK/GR-WH-1-2024-00001.2, usable until 2024-03-14"
	if found := w.broken("goods are lent by their last usable day"); !slices.Contains(found, lent) {
		t.Errorf("found %q, want %q", found, lent)
	}
	w.tamper("UPDATE commodities SET expires_on = '2024-03-15' WHERE lot = 'GR-WH-1-2024-00001.2'")
}

func TestInterfundOfMoney(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grant("F1", "100.00")
	lend := fund.Interfund{FromFund: "F1", ToFund: "F2", Account: "bank:ICBC", Quantity: dec("60.00"), Reason: "until the gift arrives"}
	posted := must(w, w.Lend, lend)
	w.holds("bank:ICBC F1 CNY 40 40", "bank:ICBC F2 CNY 60 60", "interfund:F2 F1 CNY 60 60", "interfund:F1 F2 CNY -60 -60")
	refused(w, w.Lend, lend, "/quantity insufficient: bank:ICBC holds 40 of CNY for fund F1, 60 wanted")
	must(w, w.Pay, fund.Payment{Kind: "charity", Fund: "F2", Bank: "ICBC", Payee: "p-1", Amount: dec("10.00")})
	refused(w, w.reverse, posted.Number, "/entry moved-on: entry 2 cannot be undone, what it brought has moved on: bank:ICBC holds 50 of CNY for fund F2, 60 wanted")
}

func TestInterfundRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refused(w, w.Lend, fund.Interfund{FromFund: "HELD", ToFund: "F1", Account: "stock:WH-1", Item: "COAT", Quantity: dec("1"), Reason: "why"},
		"/from_fund fund-not-allowed: fund HELD holds goods for their owner, an own fund wanted")
	refused(w, w.Lend, fund.Interfund{FromFund: "F1", ToFund: "F1", Account: "bank:ICBC", Item: "COAT", Quantity: dec("1"), Reason: "why"},
		"/to_fund invalid: fund F1 lends to itself, two funds wanted",
		"/item invalid: bank:ICBC holds CNY, no other item wanted")
	refused(w, w.Lend, fund.Interfund{FromFund: "F9", ToFund: "F2", Account: "lost:WH-1", Quantity: dec("0")},
		"/from_fund not-found: fund \"F9\" is not in the register",
		"/account invalid: account \"lost:WH-1\" is none of stock:LOCATION, bank:CODE, cash:CODE",
		"/reason invalid: reason is empty, 1 to 500 characters wanted")
	refused(w, w.Lend, fund.Interfund{FromFund: "F1", ToFund: "F2", Account: "stock:WH-1", Quantity: dec("0"), Reason: "why"},
		"/item invalid: item \"\" is not a code of 1 to 80 letters, digits, '.', '_' and '-'",
		"/quantity invalid: quantity 0 is not above zero")
}
