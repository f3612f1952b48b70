package fund

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"reliefledger/ledger"
)

// moneyAccount is the account behind a bank as requests write it: a code, or cash:CODE for a money box.
// Banks need no register: the account is the name, and each fund has its own cell in it.
func moneyAccount(bank string) ledger.Account {
	if box, isBox := strings.CutPrefix(bank, "cash:"); isBox {
		return ledger.Cash.In(box)
	}
	return ledger.Bank.In(bank)
}

func (f *form) bank(pointer, bank string) {
	f.code(pointer, strings.TrimPrefix(bank, "cash:"))
}

// money is a move of an amount of the book's currency, whose quantity is its value.
func money(book ledger.Info, fund string, from, to ledger.Account, amount decimal.Decimal) ledger.Move {
	return ledger.Move{From: from, To: to, Fund: fund, Commodity: book.Money(), Quantity: amount, Value: amount}
}

// currency names the cells of all funds' money in accounts, for Needs.
func currency(book ledger.Info, accounts ...ledger.Account) []ledger.Group {
	groups := make([]ledger.Group, len(accounts))
	for i, a := range accounts {
		groups[i] = ledger.Group{Account: a, Item: book.Currency}
	}
	return groups
}

// draw takes a fund's own money out of a bank account or box. Where it holds too little the refusal says which other funds
// hold money there and how one may openly help the other: a fund never pays for another silently.
func draw(d *ledger.Draft, book ledger.Info, fund string, from, to ledger.Account, amount decimal.Decimal) error {
	key := ledger.CellKey{Account: from, Fund: fund, Commodity: book.Money()}
	if d.Cell(key).Quantity.LessThan(amount) {
		return shortOfMoney(d.Cells(from, book.Currency), book, key, amount)
	}
	_, err := d.Take(key, to, amount)
	return ledger.At("/amount", err)
}

func shortOfMoney(there []ledger.Cell, book ledger.Info, wanted ledger.CellKey, amount decimal.Decimal) error {
	held := decimal.Zero
	var others []string
	for _, c := range there {
		switch {
		case c.Fund == wanted.Fund:
			held = c.Quantity
		case c.Quantity.IsPositive():
			others = append(others, fmt.Sprintf("fund %s holds %s", c.Fund, c.Quantity.StringFixed(book.Decimals)))
		}
	}
	fault := ledger.Fault{
		Pointer: "/amount", Code: ledger.Insufficient,
		Message: fmt.Sprintf("%s holds %s %s for fund %s, %s wanted",
			wanted.Account, held.StringFixed(book.Decimals), book.Currency, wanted.Fund, amount.StringFixed(book.Decimals)),
		Location: wanted.Account.Name(), Item: book.Currency, Fund: wanted.Fund,
		There: held.StringFixed(book.Decimals), Asked: amount.StringFixed(book.Decimals),
	}
	if len(others) > 0 {
		fault.Code = ledger.FundNotAllowed
		fault.Hint = fmt.Sprintf("%s there, but one fund never pays for another silently: record an interfund entry to fund %s first",
			strings.Join(others, ", "), wanted.Fund)
	}
	return &ledger.Refusal{Faults: []ledger.Fault{fault}}
}
