package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/ledger"
	"reliefledger/person"
)

// Persons is the optional register of who is behind the pseudonyms of the book.
type Persons struct {
	Register *person.Register
	// Secret makes pseudonyms out of resident numbers; without one all are random.
	Secret *person.Secret
}

// Purpose says what a look at a person is for.
type Purpose struct {
	Purpose string `json:"purpose" minLength:"1" maxLength:"200" doc:"What for; it stays in the record of looks, so it names nobody." example:"call back about the lost parcel"`
}

// PersonDetails is what is kept of a person: what is needed to find somebody again, and nothing to write remarks into.
type PersonDetails struct {
	Name      string      `json:"name" minLength:"1" maxLength:"120" doc:"Name." example:"王小明"`
	Phone     string      `json:"phone,omitempty" maxLength:"40" doc:"Phone number." example:"13800000000"`
	Number    string      `json:"number,omitempty" maxLength:"40" doc:"Resident number; its check digit is checked." example:"11010519491231002X"`
	KeepUntil ledger.Date `json:"keep_until" doc:"Last day, in the book's time zone, that the purpose told to the person allows to keep this. The person is erased afterwards."`
}

// Person is who is behind a pseudonym.
type Person struct {
	Pseudonym string `json:"pseudonym" doc:"How the book knows the person." example:"P-4QXK2ZJ7TBD4GQ3TMZ5XNBVGC4"`
	PersonDetails
}

// PersonRecord is what somebody wants to have kept, and what for.
type PersonRecord struct {
	PersonDetails
	Purpose
}

// KeptPerson tells that a person is registered, and nothing of the person.
type KeptPerson struct {
	Pseudonym string      `json:"pseudonym" doc:"How the book knows the person."`
	KeepUntil ledger.Date `json:"keep_until" doc:"Last day that it is kept."`
}

// ErasedPerson tells that nobody is registered under a pseudonym any more.
type ErasedPerson struct {
	Pseudonym string `json:"pseudonym" doc:"How the book goes on knowing the person."`
}

// PersonSearch looks for a person by resident number.
type PersonSearch struct {
	Number string `json:"number" minLength:"1" maxLength:"40" doc:"Resident number; it is written down nowhere." example:"11010519491231002X"`
	Purpose
}

// FoundPersons are those that a search found: none, one, or several when somebody was registered twice.
type FoundPersons struct {
	Persons []Person `json:"persons" doc:"Who was found."`
}

// PseudonymOrder asks for a pseudonym.
type PseudonymOrder struct {
	Number string `json:"number,omitempty" maxLength:"40" doc:"Resident number, for the same pseudonym as ever; a new random one when left out." example:"11010519491231002X"`
}

// Pseudonym is how the book may know a person.
type Pseudonym struct {
	Pseudonym string `json:"pseudonym" doc:"It says nothing of anybody." example:"P-4QXK2ZJ7TBD4GQ3TMZ5XNBVGC4"`
}

// Look is one line of the record of looks.
type Look struct {
	ID        int64     `json:"look" doc:"Number of the look." example:"17"`
	Pseudonym string    `json:"pseudonym,omitempty" doc:"At whom; absent where a search found nobody."`
	Act       string    `json:"act" enum:"keep,read,find,erase" doc:"What was done."`
	Found     bool      `json:"found" doc:"Whether somebody was registered then."`
	Actor     string    `json:"actor" doc:"Who looked." example:"li-na"`
	Purpose   string    `json:"purpose" doc:"What for." example:"call back about the lost parcel"`
	At        time.Time `json:"at" doc:"When."`
}

// LookPage is a part of the record of looks.
type LookPage struct {
	Looks []Look `json:"looks" doc:"The looks in their order."`
	Next  int64  `json:"next,omitempty" doc:"Send it as after to read on; absent on the last page."`
}

// Named names a person in a path.
type Named struct {
	Pseudonym string `path:"pseudonym" maxLength:"80" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$" example:"P-4QXK2ZJ7TBD4GQ3TMZ5XNBVGC4" doc:"How the book knows the person."`
}

type looksAsked struct {
	Pseudonym string `query:"pseudonym" maxLength:"80" doc:"Looks at one person; at all when left out."`
	After     int64  `query:"after" minimum:"0" doc:"Looks after this one: the next of the page before."`
	Limit     int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"How many looks at most."`
}

func (d *Door) persons(a huma.API) {
	keeping(d, a, auth.KeepPersons, http.MethodPost, "/v1/persons/pseudonyms", "make-pseudonym", "Make a pseudonym",
		"Makes a pseudonym for a handout or a payment and stores nothing. With a resident number it is always the same one in this book, so that a person who is helped twice is counted once.",
		func(_ context.Context, in *struct{ Body PseudonymOrder }) (*Pseudonym, error) {
			return d.pseudonym(in.Body.Number)
		})
	keeping(d, a, auth.KeepPersons, http.MethodPut, "/v1/persons/{pseudonym}", "keep-person", "Register or change a person",
		"Registers who is behind a pseudonym, or replaces what is registered. It can be repeated. It is written down who did it, and what for.",
		func(ctx context.Context, in *struct {
			Named
			Body PersonRecord
		},
		) (*KeptPerson, error) {
			p := in.Body
			err := d.Persons.Register.Keep(ctx, p.by(ctx), person.Person{Pseudonym: in.Pseudonym, Name: p.Name, Phone: p.Phone, Number: p.Number, KeepUntil: p.KeepUntil.Time()})
			return &KeptPerson{in.Pseudonym, p.KeepUntil}, err
		})
	keeping(d, a, auth.ReadPersons, http.MethodPost, "/v1/persons/{pseudonym}/looks", "look-at-person", "Look who a person is",
		"Tells who is behind a pseudonym. The look is written down with its purpose in the same transaction, also when nobody is there; nothing is told unless that was written.",
		func(ctx context.Context, in *struct {
			Named
			Body Purpose
		},
		) (*Person, error) {
			found, err := d.Persons.Register.Read(ctx, in.Body.by(ctx), in.Pseudonym)
			shown := personFrom(found)
			return &shown, err
		})
	keeping(d, a, auth.ReadPersons, http.MethodPost, "/v1/persons/search", "find-persons", "Find a person by resident number",
		"Tells who is registered with a resident number. The number travels in the body and is written down nowhere; each person that is found is a look, and so is a search that finds nobody.",
		func(ctx context.Context, in *struct{ Body PersonSearch }) (*FoundPersons, error) {
			return d.findPersons(ctx, in.Body)
		})
	keeping(d, a, auth.KeepPersons, http.MethodPost, "/v1/persons/{pseudonym}/erasure", "erase-person", "Erase a person",
		"Forgets who is behind a pseudonym. No number, sum, hash or proof of the book changes, because the book knows the pseudonym alone. That it was done stays in the record of looks.",
		func(ctx context.Context, in *struct {
			Named
			Body Purpose
		},
		) (*ErasedPerson, error) {
			return &ErasedPerson{in.Pseudonym}, d.Persons.Register.Erase(ctx, in.Body.by(ctx), in.Pseudonym)
		})
	keeping(d, a, auth.ReadLooks, http.MethodGet, "/v1/persons/looks", "list-looks", "List who looked at persons",
		"Lists who registered, looked up, found or erased a person, when and what for, in order, a page at a time. It names pseudonyms only.",
		func(ctx context.Context, in *looksAsked) (*LookPage, error) {
			looks, err := d.Persons.Register.Looks(ctx, in.Pseudonym, in.After, in.Limit)
			page := &LookPage{Looks: make([]Look, len(looks))}
			for i, l := range looks {
				page.Looks[i] = Look(l)
				page.Looks[i].At = l.At.UTC()
			}
			if len(looks) == in.Limit {
				page.Next = looks[len(looks)-1].ID
			}
			return page, err
		})
}

// keeping registers an operation of the register of persons. A person stands nowhere and belongs to no fund, so only a grant for
// everywhere and every fund opens it.
func keeping[I, A any](d *Door, a huma.API, verb auth.Verb, method, path, id, summary, description string, do func(context.Context, *I) (*A, error)) {
	op := operation(verb, method, path, id, summary, description+
		" A server without a register of persons answers 404, and somebody whose grants are bound to places or funds 403.")
	op.Errors = failures(http.MethodPost, "/{pseudonym}") // the register has no versions: there is nothing to match
	huma.Register(a, op, func(ctx context.Context, in *I) (*told[A], error) {
		if scope := scopeOf(ctx); !scope.Whole(verb) {
			p := newProblem(forbidden, "Persons stand at no place and belong to no fund: only a grant without bounds reaches them.")
			return nil, p
		}
		if d.Persons == nil {
			p := notFound("This server keeps no register of persons.")
			p.Hint = "An operator turns it on with persons-db."
			return nil, p
		}
		answer, err := do(ctx, in)
		if err != nil {
			return nil, personProblem(err)
		}
		return &told[A]{*answer}, nil
	})
}

func (p Purpose) by(ctx context.Context) person.By {
	return person.By{Actor: actorOf(ctx), Purpose: p.Purpose}
}

func personFrom(p person.Person) Person {
	return Person{p.Pseudonym, PersonDetails{Name: p.Name, Phone: p.Phone, Number: p.Number, KeepUntil: ledger.DateOf(p.KeepUntil, time.UTC)}}
}

func (d *Door) pseudonym(number string) (*Pseudonym, error) {
	if number == "" {
		return &Pseudonym{person.Random()}, nil
	}
	n, err := person.ParseNumber(number)
	if err != nil {
		return nil, err
	}
	if d.Persons.Secret == nil {
		return nil, ledger.Refuse(ledger.Invalid, "/number", "this book makes no pseudonyms of resident numbers, one without a number wanted")
	}
	return &Pseudonym{d.Persons.Secret.Pseudonym(d.Book.Code, n)}, nil
}

func (d *Door) findPersons(ctx context.Context, s PersonSearch) (*FoundPersons, error) {
	n, err := person.ParseNumber(s.Number)
	if err != nil {
		return nil, err
	}
	found, err := d.Persons.Register.Find(ctx, s.by(ctx), n)
	answer := &FoundPersons{Persons: make([]Person, len(found))}
	for i, p := range found {
		answer.Persons[i] = personFrom(p)
	}
	return answer, err
}

// personProblem says what the register of persons refuses; none of it repeats what was sent.
func personProblem(err error) error {
	if errors.Is(err, person.ErrUnknown) {
		return notFound("Nobody is registered under that pseudonym.")
	}
	wrong := person.Everything(err)
	if len(wrong) == 0 {
		return err
	}
	refusal := &ledger.Refusal{}
	for _, w := range wrong {
		refusal.Faults = append(refusal.Faults, ledger.Fault{Code: ledger.Invalid, Pointer: "/" + w.Member, Message: w.Message})
	}
	return refusal
}
