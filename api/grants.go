package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

// Grant is a role that an actor holds within bounds.
type Grant struct {
	ID          string    `json:"id" doc:"Id of the grant." example:"4QXK2ZJ7TBD4"`
	Actor       string    `json:"actor" doc:"Who holds it." example:"li-na"`
	Role        auth.Role `json:"role" enum:"keeper,coordinator,finance,auditor,administrator" doc:"What the actor is trusted with."`
	Location    string    `json:"location,omitempty" doc:"Root of the subtree of locations that it is bound to; absent for everywhere." example:"ST-5101-01"`
	Fund        string    `json:"fund,omitempty" doc:"Fund that it is bound to; absent for every fund." example:"WINTER-23"`
	GrantedAt   time.Time `json:"granted_at" doc:"Since when it holds."`
	GrantedBy   string    `json:"granted_by" doc:"Who gave it." example:"administrator"`
	WithdrawnAt time.Time `json:"withdrawn_at,omitzero" doc:"Until when it held; absent while it holds."`
	WithdrawnBy string    `json:"withdrawn_by,omitempty" doc:"Who withdrew it."`
}

func grantFrom(g auth.Grant) Grant {
	return Grant{
		ID: g.ID, Actor: g.Actor, Role: g.Role, Location: g.Location(), Fund: g.Fund,
		GrantedAt: g.GrantedAt.UTC(), GrantedBy: g.GrantedBy, WithdrawnAt: utc(g.WithdrawnAt), WithdrawnBy: g.WithdrawnBy,
	}
}

// utc leaves the time that is none as it is.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC()
}

// GrantOrder asks for a grant.
type GrantOrder struct {
	Actor    string    `json:"actor" maxLength:"80" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$" doc:"Who is to hold it; made when it is new." example:"li-na"`
	Role     auth.Role `json:"role" enum:"keeper,coordinator,finance,auditor,administrator" doc:"What the actor is trusted with." example:"keeper"`
	Location string    `json:"location,omitempty" maxLength:"80" doc:"Root of the subtree of locations to bind it to; everywhere when left out." example:"ST-5101-01"`
	Fund     string    `json:"fund,omitempty" maxLength:"80" doc:"Fund to bind it to; every fund when left out." example:"WINTER-23"`
}

// Identified names a grant or a token in a path.
type Identified struct {
	ID string `path:"id" maxLength:"12" pattern:"^[A-Z0-9]{12}$" example:"4QXK2ZJ7TBD4" doc:"Id, as the list shows it."`
}

// Marked is a part of a list that is in order of time.
type Marked struct {
	After string `query:"after" maxLength:"30" pattern:"^[0-9]{1,17}-[A-Z0-9]{12}$" example:"1703400000000000-4QXK2ZJ7TBD4" doc:"Where the page begins: the next of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"How many records at most."`
}

type grantsAsked struct {
	Marked
	Actor string `query:"actor" maxLength:"80" example:"li-na" doc:"Those of one actor; of all when left out."`
	Role  string `query:"role" enum:"keeper,coordinator,finance,auditor,administrator" doc:"Those of one role; of all when left out."`
	State string `query:"state" enum:"holding,withdrawn" doc:"Those that hold, or those that were withdrawn; both when left out."`
}

func (d *Door) grants(a huma.API) {
	huma.Register(a, operation(auth.Administer, http.MethodGet, "/v1/grants", "list-grants", "List grants",
		"Lists the grants within what you administer in the order in which they were given, a page at a time. Those that were withdrawn stay in the list, so that it shows who could do what on any day."),
		func(ctx context.Context, in *grantsAsked) (*list[Grant], error) {
			after, err := auth.ParseMark(in.After)
			if err != nil {
				return nil, err
			}
			found, next, err := d.Keyring.Grants(ctx, scopeOf(ctx), auth.GrantQuery{Actor: in.Actor, Role: in.Role, State: in.State, After: after, Limit: in.Limit})
			answer := &list[Grant]{Page[Grant]{Records: make([]Grant, len(found)), Next: next.String()}}
			for i, g := range found {
				answer.Body.Records[i] = grantFrom(g)
			}
			return answer, err
		})
	huma.Register(a, operation(auth.Administer, http.MethodGet, "/v1/grants/{id}", "read-grant", "Read one grant", "Reads one grant, also one that was withdrawn."),
		func(ctx context.Context, in *Identified) (*told[Grant], error) {
			found, err := d.Keyring.Grant(ctx, scopeOf(ctx), in.ID)
			return &told[Grant]{grantFrom(found)}, unlessAbsent(err, "grant", in.ID)
		})
	give := operation(auth.Administer, http.MethodPost, "/v1/grants", "give-grant", "Give a grant",
		"Gives an actor a role within bounds: a subtree of locations, a fund, both or neither. Nobody gives more than they administer, nor to an actor with a live token that was ordered by who administers less (409). "+
			"Giving what is held already answers with the grant that stands (200 instead of 201), so that a request whose answer was lost is simply repeated. It works within 30 seconds on every server.")
	give.DefaultStatus = http.StatusCreated
	give.Responses = map[string]*huma.Response{
		"200": answering[Grant](d, "The same grant, which stands already."), "201": {Description: "The grant that was given."},
	}
	huma.Register(a, give, func(ctx context.Context, in *struct{ Body GrantOrder }) (*made[Grant], error) {
		given, err := d.Keyring.Give(ctx, scopeOf(ctx), auth.Bounds(in.Body))
		return madeUnless(given.Stood, grantFrom(given)), err
	})
	huma.Register(a, operation(auth.Administer, http.MethodPost, "/v1/grants/{id}/withdrawal", "withdraw-grant", "Withdraw a grant",
		"Ends a grant within 30 seconds on every server; it stays in the register. Withdrawing it again answers with it as it stands. "+
			"The grant of the last administrator of the whole book who has a live token is not withdrawn: 409."),
		func(ctx context.Context, in *Identified) (*told[Grant], error) {
			if err := d.Keyring.Withdraw(ctx, scopeOf(ctx), in.ID); err != nil && !errors.Is(err, auth.ErrNoGrant) {
				return nil, err
			}
			found, err := d.Keyring.Grant(ctx, scopeOf(ctx), in.ID)
			return &told[Grant]{grantFrom(found)}, unlessAbsent(err, "grant", in.ID)
		})
}

// made answers 201, or 200 for what stood already.
type made[T any] struct {
	Status int
	Body   T
}

func madeUnless[T any](stood bool, body T) *made[T] {
	if stood {
		return &made[T]{http.StatusOK, body}
	}
	return &made[T]{http.StatusCreated, body}
}
