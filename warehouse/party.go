package warehouse

import (
	"slices"
	"strings"

	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// Kinds of parties.
const (
	Supplier     = "supplier"
	Donor        = "donor"
	Carrier      = "carrier"
	Organisation = "organisation"
)

// Party is an organisation that goods or money come from, go to or travel with.
type Party struct {
	Code       string `json:"code" doc:"Code of the party, unique in the book. It never changes." example:"S-01" minLength:"1" maxLength:"80"`
	Name       string `json:"name" doc:"Name in the language of the operation." example:"川西纺织厂" minLength:"1" maxLength:"120"`
	NameEn     string `json:"name_en" required:"false" doc:"Name in English." example:"Chuanxi Textile Works" maxLength:"120"`
	Kind       string `json:"kind" doc:"What the party is to the operation." enum:"supplier,donor,carrier,organisation" example:"supplier"`
	CreditCode string `json:"credit_code" required:"false" doc:"Unified social credit code of GB 32100: 18 characters with a check character." maxLength:"18"`
}

var partyKinds = []string{Supplier, Donor, Carrier, Organisation}

var partyRules = register.Declare(register.Rules[Party]{
	Noun: "party", Table: "parties",
	Code:  func(p Party) string { return p.Code },
	Check: (*Party).check,
})

func (p *Party) check() error {
	var c register.Complaints
	c.Code("/code", "party code", p.Code)
	c.Text("/name", "party name", &p.Name, register.MaxName, true)
	c.Text("/name_en", "English party name", &p.NameEn, register.MaxName, false)
	c.Unless(slices.Contains(partyKinds, p.Kind), "/kind", "kind %.40q is none of %s", p.Kind, strings.Join(partyKinds, ", "))
	c.Unless(p.CreditCode == "" || creditCode(p.CreditCode), "/credit_code",
		"credit code %.40q is not 18 characters with a true check character (GB 32100)", p.CreditCode)
	return c.Err()
}

// creditAlphabet leaves out I, O, S, V and Z, which are taken for digits or each other in handwriting.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// creditCode reports whether s is a unified social credit code: the i-th of 17 characters weighs 3^i mod 31,
// and the last brings the sum to a multiple of 31. A resident number never passes, even where it happens to add up.
func creditCode(s string) bool {
	if len(s) != 18 || ledger.HoldsResidentNumber(s) {
		return false
	}
	sum, weight := 0, 1
	for i := range 18 {
		value := strings.IndexByte(creditAlphabet, s[i])
		if value < 0 {
			return false
		}
		if i == 17 {
			weight = 1
		}
		sum += value * weight
		weight = weight * 3 % 31
	}
	return sum%31 == 0
}
