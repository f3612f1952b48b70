package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/internal/pg"
	"reliefledger/internal/register"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// Codes of problems that the door itself finds; the others are the ledger's codes of refusals.
const (
	malformed    = "malformed"
	unauthorized = "unauthorized"
	forbidden    = "forbidden"
	stale        = "stale"
	noCondition  = "condition-required"
	busy         = "busy"
	closing      = "closing"
	unknown      = "outcome-unknown"
	timeout      = "timeout"
	tooLarge     = "too-large"
	notJSON      = "not-json"
	wrongMethod  = "wrong-method"
	internal     = "internal"
)

type kind struct {
	status int
	title  string
	hint   string
}

// kinds is the only table from codes to statuses. The codes are part of the contract: they are the last part of a problem's type.
var kinds = map[string]kind{
	ledger.Invalid:        {422, "The request is not valid", ""},
	ledger.NotFound:       {422, "The request names something that is not there", ""},
	ledger.Insufficient:   {409, "There is not enough", ""},
	ledger.Expired:        {409, "The goods have expired", ""},
	ledger.PeriodClosed:   {409, "The period is closed", "Use a date in an open period; a correction of a closed period is a reversal dated today."},
	ledger.KeyReused:      {409, "The key was used for something else", "Send a new Idempotency-Key for a new request, and the same one only to repeat the same request."},
	ledger.AlreadyDone:    {409, "It has been done before", ""},
	ledger.MovedOn:        {409, "It has been used since", ""},
	ledger.NotOpen:        {409, "It is not open on that date", ""},
	warehouse.NotEmpty:    {409, "It still holds goods", "Send the goods back, or have them written off, then close it."},
	ledger.SamePerson:     {403, "Another person must do this", ""},
	ledger.FundNotAllowed: {409, "One fund may not silently pay for another", ""},

	malformed:    {400, "The request cannot be read", ""},
	unauthorized: {401, "A valid token is needed", "Send the header 'Authorization: Bearer rl_…'; 'relief token create' makes a token."},
	forbidden:    {403, "This role may not do this", ""},
	stale:        {412, "It has been changed since it was read", "Read it again, look at the change, and send If-Match with the new ETag."},
	noCondition:  {428, "If-Match is required", "Read the object first and send its ETag as If-Match, so that nobody's change is lost."},
	busy:         {503, "The book is busy", "Nothing was written. Repeat in a moment with the same Idempotency-Key."},
	closing:      {503, "The server is stopping", "Nothing was written. Repeat in a moment with the same Idempotency-Key."},
	unknown:      {503, "The outcome is not known", "Repeat with the same Idempotency-Key: the answer then tells what became of it, and nothing is booked twice."},
	timeout:      {408, "The request took too long to arrive", ""},
	tooLarge:     {413, "The request is too large", "Send fewer lines at once."},
	notJSON:      {415, "The body is not JSON", "Send Content-Type: application/json."},
	wrongMethod:  {405, "That method is not served here", ""},
	internal:     {500, "The server failed", "Nothing tells what went wrong here; the server's log does, under the request id in instance."},
}

// absent is the not-found of a path: what the URL itself names is not there.
var absent = kind{404, "There is no such thing", ""}

// Fault is one thing wrong with a request.
type Fault struct {
	Pointer   string `json:"pointer,omitempty" doc:"JSON pointer into the request's body." example:"/lines/0/quantity"`
	Parameter string `json:"parameter,omitempty" doc:"Name of the header, path or query parameter, when the fault is not in the body." example:"Idempotency-Key"`
	Code      string `json:"code" doc:"Stable code of the fault." example:"insufficient"`
	Message   string `json:"message" doc:"What is wrong, with the numbers." example:"stock:PT-0031 holds 1 of QUILT/L7 for fund WINTER-23, 3 wanted"`
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
	Title    string  `json:"title" doc:"The kind in words." example:"There is not enough"`
	Status   int     `json:"status" doc:"HTTP status." example:"409"`
	Detail   string  `json:"detail,omitempty" doc:"This occurrence in words." example:"stock:PT-0031 holds 1 of QUILT/L7 for fund WINTER-23, 3 wanted"`
	Instance string  `json:"instance,omitempty" doc:"The request, as the server's log names it." example:"urn:request:Q5C3ZJ7TBD4HVXWA"`
	Hint     string  `json:"hint,omitempty" doc:"What can be done about it."`
	Faults   []Fault `json:"faults,omitempty" doc:"Everything that is wrong, line by line."`
	err      error
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
		moved.Status, moved.Title = absent.status, absent.title
	}
	return &moved
}

func notFound(detail string) *Problem {
	return &Problem{Type: "/problems/" + ledger.NotFound, Title: absent.title, Status: absent.status, Detail: detail}
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
	case errors.Is(err, ledger.ErrBusy), errors.Is(err, ledger.ErrUnavailable), pg.IsTransient(err):
		return newProblem(busy, "The book cannot take the request now.")
	case errors.Is(err, ledger.ErrClosed):
		return newProblem(closing, "The book is shutting down.")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return newProblem(unknown, "The request ended before its answer was known.")
	case errors.Is(err, auth.ErrDenied):
		return newProblem(unauthorized, "The token is missing or not valid.")
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
	408: timeout, 413: tooLarge, 415: notJSON, 422: ledger.Invalid,
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
	if body, inBody := strings.CutPrefix(place, "body"); inBody {
		f.Pointer = pointer(body + "." + rest)
	} else {
		f.Parameter = rest
	}
	return f
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
	return message
}

// retryable are the statuses whose cause passes by itself.
func (p *Problem) retryAfter() string {
	if p.Status == http.StatusServiceUnavailable {
		return "1"
	}
	return ""
}
