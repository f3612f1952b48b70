package fund

import (
	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// Fund says whose money it is and what it is for. Within a fund the book balances by itself.
type Fund struct {
	Code       string      `json:"code" doc:"Code of the fund, unique in the book. It never changes. A new one has at most 60 characters, because documents are named after it." example:"WINTER-23" minLength:"1" maxLength:"80"`
	Name       string      `json:"name" doc:"Name in the language of the operation." example:"冬季救助专项资金" minLength:"1" maxLength:"120"`
	NameEn     string      `json:"name_en" required:"false" doc:"Name in English." example:"Winter relief fund" maxLength:"120"`
	Restricted bool        `json:"restricted" required:"false" doc:"True when the fund may be used for its purpose only."`
	Custody    bool        `json:"custody" required:"false" doc:"True when goods are held for their owner, outside the own funds. It never changes."`
	Purpose    string      `json:"purpose" required:"false" doc:"What the money is for; a restricted fund must say it." example:"街面巡查和临时避寒" maxLength:"500"`
	ValidFrom  ledger.Date `json:"valid_from,omitzero" required:"false" doc:"First day on which the fund may be used; from the start when absent." example:"2023-10-01"`
	ValidUntil ledger.Date `json:"valid_until,omitzero" required:"false" doc:"Last day on which the fund may be used; without end when absent." example:"2024-06-30"`
}

var fundRules = register.Declare(register.Rules[Fund]{
	Noun: "fund", Table: "funds", MaxCode: register.MaxNaming,
	Code:   func(f Fund) string { return f.Code },
	Check:  (*Fund).check,
	Steady: steadyFund,
})

func (f *Fund) check() error {
	var c register.Complaints
	c.Code("/code", "fund code", f.Code)
	c.Text("/name", "fund name", &f.Name, register.MaxName, true)
	c.Text("/name_en", "English fund name", &f.NameEn, register.MaxName, false)
	c.Text("/purpose", "purpose of a restricted fund", &f.Purpose, register.MaxNote, f.Restricted)
	c.Period("/valid_until", "fund "+f.Code, f.period())
	return c.Err()
}

func (f Fund) period() register.Period {
	return register.Period{First: f.ValidFrom, Last: f.ValidUntil}
}

func steadyFund(was, is Fund) error {
	var c register.Complaints
	c.Unless(was.Custody == is.Custody, "/custody", "fund %s was created with custody %t: its goods would change their owner", was.Code, was.Custody)
	return c.Err()
}
