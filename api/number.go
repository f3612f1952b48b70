package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/shopspring/decimal"

	"reliefledger/auth"
	"reliefledger/ledger"
	"reliefledger/report"
)

const (
	datePattern = `^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`
	keyPattern  = `^[ -~]{1,128}$`
	codePattern = `^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`
	idPattern   = `^[A-Z0-9]{12}$`
)

// patterns says each pattern of the contract in words, for the faults of requests.
var patterns = map[string]string{
	ledger.NumberPattern: `a number written as text, as "12.50": at most 24 digits before the point and 9 after it, no sign, no exponent`,
	ledger.SignedPattern: `a number written as text, as "-12.50": at most 24 digits before the point and 9 after it, a sign only below zero, no exponent`,
	datePattern:          "a day written as 2023-12-24",
	keyPattern:           "1 to 128 printable ASCII characters",
	idPattern:            "an id of 12 capital letters and digits",
	auth.MarkPattern:     "the next of the page before",
	codePattern:          "a code of 1 to 80 letters, digits, '.', '_' and '-'",
}

// number is how a quantity or an amount is written in a body: a string, because a JSON number goes through binary
// floating point in most clients.
type number struct{}

// Schema is the enforced form. Without PrecomputeMessages huma would show the pattern and not check it.
func (number) Schema(huma.Registry) *huma.Schema {
	longest := ledger.MaxIntegerDigits + ledger.MaxDecimals + 1
	return enforced(&huma.Schema{Type: huma.TypeString, Pattern: ledger.NumberPattern, MaxLength: &longest, Examples: []any{"12.50"}})
}

// signed is how an amount that may be below zero is written in a body.
type signed struct{}

// Schema is the enforced form.
func (signed) Schema(huma.Registry) *huma.Schema {
	longest := ledger.MaxIntegerDigits + ledger.MaxDecimals + 2
	return enforced(&huma.Schema{Type: huma.TypeString, Pattern: ledger.SignedPattern, MaxLength: &longest, Examples: []any{"-12.50"}})
}

// day is how a business date is written in a body.
type day struct{}

// Schema is the enforced form.
func (day) Schema(huma.Registry) *huma.Schema {
	return enforced(&huma.Schema{Type: huma.TypeString, Format: "date", Pattern: datePattern, Examples: []any{"2023-12-24"}})
}

func enforced(s *huma.Schema) *huma.Schema {
	s.PrecomputeMessages()
	return s
}

const figurePattern = `^-?[0-9]+(\.[0-9]+)?$`

// figure is how a report writes a number: it may be below zero, what is owed is.
type figure struct{}

// Schema is the written form.
func (figure) Schema(huma.Registry) *huma.Schema {
	return enforced(&huma.Schema{Type: huma.TypeString, Pattern: figurePattern, Examples: []any{"289.50"}})
}

// registry names the schemas of the contract and maps the types of the wings to their written forms.
func registry() huma.Registry {
	r := huma.NewMapRegistry("#/components/schemas/", schemaName)
	r.RegisterTypeAlias(reflect.TypeFor[decimal.Decimal](), reflect.TypeFor[number]())
	r.RegisterTypeAlias(reflect.TypeFor[ledger.Signed](), reflect.TypeFor[signed]())
	r.RegisterTypeAlias(reflect.TypeFor[ledger.Amount](), reflect.TypeFor[number]())
	r.RegisterTypeAlias(reflect.TypeFor[ledger.Date](), reflect.TypeFor[day]())
	r.RegisterTypeAlias(reflect.TypeFor[report.Number](), reflect.TypeFor[figure]())
	return r
}

// schemaName calls a schema by its Go type, except where a maker of clients has the name for itself: Request is a type of every handler
// that ogen writes and of the browser, and Token is what becomes of the security scheme of that name.
func schemaName(t reflect.Type, hint string) string {
	switch name := huma.DefaultSchemaNamer(t, hint); name {
	case "Request":
		return "GoodsRequest"
	case "Token":
		return "ActorToken"
	default:
		return name
	}
}
