package campaign

import (
	"fmt"
	"slices"
	"strings"

	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// Campaign is an operation with a beginning, an end, and actions that its work is counted under.
type Campaign struct {
	Code     string      `json:"code" doc:"Code of the campaign, unique in the book. It never changes." example:"WINTER-23" minLength:"1" maxLength:"80"`
	Name     string      `json:"name" doc:"Name in the language of the operation." example:"寒冬送温暖" minLength:"1" maxLength:"120"`
	NameEn   string      `json:"name_en" required:"false" doc:"Name in English." example:"Warmth in winter" maxLength:"120"`
	StartsOn ledger.Date `json:"starts_on,omitzero" doc:"First day of the campaign." example:"2023-11-01"`
	EndsOn   ledger.Date `json:"ends_on,omitzero" required:"false" doc:"Last day of the campaign; without end when absent." example:"2024-03-31"`
	Drill    bool        `json:"drill" required:"false" doc:"True for an exercise: its documents never count. It never changes."`
	Actions  []Action    `json:"actions" required:"false" doc:"Lines of work; they may be added and renamed, never removed." maxItems:"100"`
}

// Action is a line of work of a campaign.
type Action struct {
	Code   string `json:"code" doc:"Code of the action, unique in the campaign." example:"PATROL" minLength:"1" maxLength:"80"`
	Name   string `json:"name" doc:"Name in the language of the operation." example:"街面巡查" minLength:"1" maxLength:"120"`
	NameEn string `json:"name_en" required:"false" doc:"Name in English." example:"Street patrol" maxLength:"120"`
}

var campaignRules = register.Declare(register.Rules[Campaign]{
	Noun: "campaign", Table: "campaigns",
	Code:   func(c Campaign) string { return c.Code },
	Check:  (*Campaign).check,
	Steady: steadyCampaign,
})

func (c *Campaign) check() error {
	var complaints register.Complaints
	complaints.Code("/code", "campaign code", c.Code)
	complaints.Text("/name", "campaign name", &c.Name, register.MaxName, true)
	complaints.Text("/name_en", "English campaign name", &c.NameEn, register.MaxName, false)
	complaints.Unless(!c.StartsOn.IsZero(), "/starts_on", "campaign %s has no first day, one wanted", c.Code)
	complaints.Period("/ends_on", "campaign "+c.Code, c.period())
	complaints.Unless(len(c.Actions) <= 100, "/actions", "campaign %s has %d actions, at most 100 wanted", c.Code, len(c.Actions))
	c.Actions = append([]Action{}, c.Actions...) // never null, and never the sender's own slice
	for i := range c.Actions {
		action, pointer := &c.Actions[i], fmt.Sprintf("/actions/%d", i)
		complaints.Code(pointer+"/code", "action code", action.Code)
		complaints.Text(pointer+"/name", "action name", &action.Name, register.MaxName, true)
		complaints.Text(pointer+"/name_en", "English action name", &action.NameEn, register.MaxName, false)
		complaints.Unless(!slices.Contains(c.actionCodes()[:i], action.Code), pointer+"/code", "action %s of campaign %s is there twice", action.Code, c.Code)
	}
	return complaints.Err()
}

func (c Campaign) period() register.Period { return register.Period{First: c.StartsOn, Last: c.EndsOn} }

func (c Campaign) actionCodes() []string {
	codes := make([]string, len(c.Actions))
	for i, a := range c.Actions {
		codes[i] = a.Code
	}
	return codes
}

func steadyCampaign(was, is Campaign) error {
	var complaints register.Complaints
	complaints.Unless(was.Drill == is.Drill, "/drill", "campaign %s was created with drill %t: its totals would change after the fact", was.Code, was.Drill)
	missing := slices.DeleteFunc(was.actionCodes(), func(code string) bool { return slices.Contains(is.actionCodes(), code) })
	complaints.Unless(len(missing) == 0, "/actions", "campaign %s would lose action %s: documents name it", was.Code, strings.Join(missing, ", "))
	return complaints.Err()
}
