package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) interfunds(a huma.API) {
	posting(d, a, auth.Pay, "/v1/interfunds", "use-another-fund", "Let one fund use another's goods or money",
		"Moves goods or money from one fund to another in the open: both funds show the debt. Repayment is the same the other way.",
		d.Officer.Lend)
	documents(d, a, "/v1/interfunds", "interfunds", d.room().Interfunds)
	document(a, "/v1/interfunds", "read-interfund", "Read a use of one fund by another", "Reads a use of one fund by another as it stands in the book.", d.room().Interfund)
}
