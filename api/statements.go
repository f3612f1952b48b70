package api

import (
	"github.com/danielgtaylor/huma/v2"
)

func (d *Door) statements(a huma.API) {
	questionOf(d, a, "/v1/funds/{code}/statement", "read-fund-statement", "Read the statement of a fund",
		"Tells what a fund had, got, used and has, and what that is made of: bank, stock, goods in transit, what it owes. Every amount carries the query that opens it to its entries.",
		d.room().FundStatement)
	question(d, a, "/v1/trial-balance", "read-trial-balance", "Read the trial balance",
		"Tells the book as accountants read it: in every fund debits equal credits and balances add up to zero.",
		d.room().TrialBalance)
	question(d, a, "/v1/agreement", "read-agreement", "Compare goods and money",
		"Compares the value of the goods, from the balances that keepers see, with the accounts of the funds, summed again out of every move. "+
			"The difference is zero by construction; anything else means that somebody has changed the database.",
		d.room().Agreement)
}
