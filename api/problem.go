package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/internal/pg"
	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// Fault is one thing wrong with a request.
type Fault struct {
	Pointer   string `json:"pointer,omitempty" doc:"JSON pointer into the request's body." example:"/lines/0/quantity"`
	Parameter string `json:"parameter,omitempty" doc:"Name of the header, path or query parameter, when the fault is not in the body." example:"Idempotency-Key"`
	Code      string `json:"code" doc:"Stable code of the fault." example:"insufficient"`
	Message   string `json:"message" doc:"What is wrong, with the numbers, in English." example:"stock:PT-0031 holds 1 of QUILT/L7 for fund WINTER-23, 3 wanted"`
	Said      string `json:"translation,omitempty" doc:"The message in the language that Accept-Language asks for; absent when that is English."`
	Hint      string `json:"hint,omitempty" doc:"What can be done about it."`
	Location  string `json:"location,omitempty" doc:"The place concerned." example:"PT-0031"`
	Item      string `json:"item,omitempty" doc:"The item concerned." example:"QUILT"`
	Lot       string `json:"lot,omitempty" doc:"The lot concerned." example:"L7"`
	Fund      string `json:"fund,omitempty" doc:"The fund concerned." example:"WINTER-23"`
	There     string `json:"there,omitempty" doc:"What is there." example:"1"`
	Asked     string `json:"asked,omitempty" doc:"What was asked." example:"3"`
}

// Problem is the answer to every request that fails (RFC 9457).
type Problem struct {
	Type     string  `json:"type" doc:"Stable kind of the problem, /problems/ and a code." example:"/problems/insufficient"`
	Title    string  `json:"title" doc:"The kind in words, in the language asked for." example:"There is not enough"`
	Status   int     `json:"status" doc:"HTTP status." example:"409"`
	Detail   string  `json:"detail,omitempty" doc:"This occurrence in words." example:"stock:PT-0031 holds 1 of QUILT/L7 for fund WINTER-23, 3 wanted"`
	Instance string  `json:"instance,omitempty" doc:"The request, as the server's log names it." example:"urn:request:Q5C3ZJ7TBD4HVXWA"`
	Hint     string  `json:"hint,omitempty" doc:"What can be done about it."`
	Faults   []Fault `json:"faults,omitempty" doc:"Everything that is wrong, line by line."`
	err      error
	after    int // seconds until a repetition makes sense, when they are known
}

func (p *Problem) Error() string { return p.Type + ": " + p.Detail }

// GetStatus is huma's name for the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType makes the answer application/problem+json.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

func newProblem(code, detail string) *Problem {
	k, known := kinds[code]
	if !known {
		panic("api: problem " + code + " is not in the table")
	}
	return &Problem{Type: "/problems/" + code, Title: k.title, Status: k.status, Hint: k.hint, Detail: detail}
}

// asParameters is the problem of a request without a body: what a pointer names is a parameter, and what is not there is
// what the address asks for.
func (p *Problem) asParameters() *Problem {
	moved := *p
	moved.Faults = make([]Fault, len(p.Faults))
	for i, f := range p.Faults {
		f.Parameter, f.Pointer = cmp.Or(f.Parameter, strings.TrimPrefix(f.Pointer, "/")), ""
		moved.Faults[i] = f
	}
	if moved.Type == "/problems/"+ledger.NotFound {
		moved.Status, moved.Title = absentStatus, absentTitle
	}
	return &moved
}

func notFound(detail string) *Problem {
	return &Problem{Type: "/problems/" + ledger.NotFound, Title: absentTitle, Status: absentStatus, Hint: kinds[ledger.NotFound].hint, Detail: detail}
}

// problemOf maps any error to what the caller may see of it. An error that no row of the table knows is a failure of
// the server: its text goes to the log and nowhere else.
func problemOf(err error) *Problem {
	var refusal *ledger.Refusal
	var known *Problem
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &refusal):
		return refused(refusal)
	case errors.Is(err, pg.ErrOutcomeUnknown):
		return newProblem(unknown, "The request was sent to the book, and the answer was lost on the way.")
	case errors.Is(err, register.ErrStale):
		return newProblem(stale, err.Error())
	case errors.As(err, new(*ledger.Shorter)):
		p := newProblem(busy, "The database holds less than was sealed.")
		p.Hint = "Nothing was written. Whoever runs the server brings the newer database back, or accepts the loss with relief recover; then send again with the same key."
		return p
	case errors.Is(err, ledger.ErrBusy), errors.Is(err, ledger.ErrUnavailable), pg.IsTransient(err):
		return newProblem(busy, "The book cannot take the request now.")
	case errors.Is(err, ledger.ErrClosed):
		return newProblem(closing, "The book is shutting down.")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return newProblem(unknown, "The request ended before its answer was known.")
	case errors.Is(err, auth.ErrDenied):
		return newProblem(unauthorized, "The token is missing or not valid.")
	}
	if p := accessProblem(err); p != nil {
		return p
	}
	p := newProblem(internal, "")
	p.err = err
	return p
}

// refused is the problem of a refusal. A request that is itself wrong is called invalid whatever else is wrong with it:
// there is no use in waiting for goods to arrive.
func refused(r *ledger.Refusal) *Problem {
	code := r.Code()
	var faults []Fault
	for _, f := range r.Faults {
		if f.Code == ledger.Invalid {
			code = ledger.Invalid
		}
		faults = append(faults, Fault{
			Pointer: f.Pointer, Code: f.Code, Message: f.Message, Hint: f.Hint,
			Location: f.Location, Item: f.Item, Lot: f.Lot, Fund: f.Fund, There: f.There, Asked: f.Asked,
		})
	}
	if code == ledger.NotFound && r.Faults[0].Pointer == "" {
		p := notFound(r.Error())
		p.Faults = faults
		return p
	}
	p := newProblem(code, r.Error())
	p.Faults = faults
	return p
}

// statusCodes names the problems that huma finds before a handler runs.
var statusCodes = map[int]string{
	400: malformed, 401: unauthorized, 403: forbidden, 404: ledger.NotFound, 405: wrongMethod,
	406: notAcceptable, 408: timeout, 413: tooLarge, 415: notJSON, 422: ledger.Invalid,
}

// newError makes the door's problem of what huma reports: faults of parameters and bodies with their places, and the
// plain errors of handlers, whose text must not leave the server.
func newError(status int, message string, errs ...error) huma.StatusError {
	if status >= 500 {
		return problemOf(errors.Join(errs...))
	}
	code, known := statusCodes[status]
	if !known {
		code = malformed
	}
	p := newProblem(code, message)
	p.Status = status
	for _, err := range errs {
		var detail *huma.ErrorDetail
		if errors.As(err, &detail) {
			p.Faults = append(p.Faults, faultOf(code, detail))
		}
	}
	if len(p.Faults) > 0 {
		p.Detail = p.Faults[0].place() + p.Faults[0].Message
	}
	return p
}

func (f Fault) place() string {
	switch {
	case f.Pointer != "":
		return f.Pointer + ": "
	case f.Parameter != "":
		return f.Parameter + ": "
	}
	return ""
}

func faultOf(code string, d *huma.ErrorDetail) Fault {
	f := Fault{Code: code, Message: plain(d.Message)}
	place, rest, _ := strings.Cut(d.Location, ".")
	if name := missingName(d.Message); name != "" {
		rest = strings.TrimPrefix(rest+"."+name, ".")
	}
	if body, inBody := strings.CutPrefix(place, "body"); inBody {
		f.Pointer = pointer(body + "." + rest)
	} else {
		f.Parameter = rest
	}
	return f
}

// missingName is the property that is missing, so that its pointer names the property and not the object around it.
func missingName(message string) string {
	name, wanted := strings.CutPrefix(message, "expected required property ")
	if name, missing := strings.CutSuffix(name, " to be present"); wanted && missing {
		return name
	}
	return ""
}

// pointer turns huma's path, as lines[0].quantity, into a JSON pointer.
func pointer(path string) string {
	path = strings.NewReplacer("~", "~0", "/", "~1", "[", ".", "]", "").Replace(path)
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '.' })
	if len(parts) == 0 {
		return ""
	}
	return "/" + strings.Join(parts, "/")
}

// plain says in words what a pattern says in signs.
func plain(message string) string {
	for pattern, words := range patterns {
		if strings.HasSuffix(message, pattern) {
			return "expected " + words
		}
	}
	return exponent.ReplaceAllStringFunc(message, func(bound string) string {
		n, _ := strconv.ParseFloat(bound, 64) // the pattern is a part of what it reads
		return strconv.FormatFloat(n, 'f', -1, 64)
	})
}

// exponent is a bound as huma writes it from a million on: 1e+06.
var exponent = regexp.MustCompile(`\b\d(?:\.\d+)?e\+\d+$`)

// retryable are the statuses whose cause passes by itself.
func (p *Problem) retryAfter() string {
	switch {
	case p.after > 0:
		return strconv.Itoa(p.after)
	case p.Status == http.StatusServiceUnavailable:
		return "1"
	}
	return ""
}
