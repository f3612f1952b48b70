// Package auth knows who acts: actors with the roles they were granted and where, the tokens, passwords and sessions they show,
// and which role may do what.
package auth

import (
	"fmt"
	"slices"
	"strings"
)

// Role is what an actor is trusted with.
type Role string

// The roles. An administrator of a small organisation is everything at once; the rules that ask for two different people
// look at the actor, not at the role, so that they hold for administrators too.
const (
	Keeper        Role = "keeper"
	Coordinator   Role = "coordinator"
	Finance       Role = "finance"
	Auditor       Role = "auditor"
	Administrator Role = "administrator"
)

// Roles lists every role.
var Roles = []Role{Keeper, Coordinator, Finance, Auditor, Administrator}

// Verb is something that is done through the door. Every operation of the API names one.
type Verb string

// The verbs.
const (
	Read            Verb = "read the book"
	KeepPlaces      Verb = "keep items, locations and parties"
	KeepFunds       Verb = "keep funds"
	KeepCampaigns   Verb = "keep campaigns"
	Receive         Verb = "receive goods"
	Transfer        Verb = "move goods between locations"
	Ask             Verb = "ask for goods"
	Reserve         Verb = "reserve goods"
	HandOut         Verb = "hand out goods"
	WriteOff        Verb = "propose a write-off"
	ApproveWriteOff Verb = "approve a write-off"
	Count           Verb = "count goods"
	ApproveCount    Verb = "approve a count"
	Assemble        Verb = "assemble kits"
	ClosePoint      Verb = "close a point"
	Pay             Verb = "record money"
	Record          Verb = "record activities"
	Reverse         Verb = "reverse an entry"
	ClosePeriod     Verb = "close a period"
	ApproveShort    Verb = "agree to a transfer closed short"
	KeepPersons     Verb = "keep the register of persons"
	ReadPersons     Verb = "read the register of persons"
	ReadLooks       Verb = "read who looked at persons"
	Administer      Verb = "keep actors, grants and tokens"
	ReadMetrics     Verb = "read the metrics"
)

// permissions is the only table of who may do what.
var permissions = map[Verb][]Role{
	Read:            {Keeper, Coordinator, Finance, Auditor, Administrator},
	KeepPlaces:      {Coordinator, Administrator},
	KeepFunds:       {Finance, Administrator},
	KeepCampaigns:   {Coordinator, Administrator},
	Receive:         {Keeper, Administrator},
	Transfer:        {Keeper, Coordinator, Administrator},
	Ask:             {Keeper, Coordinator, Administrator},
	Reserve:         {Keeper, Coordinator, Administrator},
	HandOut:         {Keeper, Coordinator, Administrator},
	WriteOff:        {Keeper, Coordinator, Administrator},
	ApproveWriteOff: {Coordinator, Finance, Administrator},
	Count:           {Keeper, Coordinator, Administrator},
	ApproveCount:    {Coordinator, Finance, Administrator},
	Assemble:        {Keeper, Coordinator, Administrator},
	ClosePoint:      {Coordinator, Administrator},
	Pay:             {Finance, Administrator},
	Record:          {Keeper, Coordinator, Administrator},
	Reverse:         {Keeper, Coordinator, Finance, Administrator},
	ClosePeriod:     {Finance, Administrator},
	ApproveShort:    {Coordinator, Finance, Administrator},
	KeepPersons:     {Coordinator, Administrator},
	ReadPersons:     {Coordinator, Administrator},
	ReadLooks:       {Auditor, Administrator},
	Administer:      {Administrator},
	ReadMetrics:     {Auditor, Administrator},
}

// ParseRole reads a role by its name.
func ParseRole(s string) (Role, error) {
	if role := Role(s); slices.Contains(Roles, role) {
		return role, nil
	}
	return "", fmt.Errorf("role %q is none of %s", s, join(Roles))
}

// Known reports whether the table of permissions has the verb.
func (v Verb) Known() bool { return permissions[v] != nil }

// Who names the roles that may do something, for a hint to somebody who may not.
func Who(v Verb) string { return join(permissions[v]) }

func join(roles []Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}
