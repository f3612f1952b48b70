package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"reliefledger/ledger"
	"reliefledger/openapi/client"
)

// misuse is a command line that is wrong, found after the flags were read.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

// answered is a request that the server did not carry out, with its reasons.
type answered struct {
	client.Problem
	lines []string // of the command line, as faults point to them
}

// problemFrom reads a problem; what is none, as the page of a proxy, becomes one by its status.
func problemFrom(answer *http.Response, text []byte) error {
	var p client.Problem
	if err := json.Unmarshal(text, &p); err != nil || p.Type == "" {
		p = client.Problem{Type: "about:blank", Title: "the server says " + answer.Status, Status: int64(answer.StatusCode)}
	}
	return answered{Problem: p}
}

// code is the stable last part of the problem's type.
func (a answered) code() string { return strings.TrimPrefix(a.Type, "/problems/") }

// Error tells every fault on a line of its own, with the part of the command line that it is about.
func (a answered) Error() string {
	if a.Faults == nil || len(*a.Faults) == 0 {
		return strings.TrimSuffix(a.Title+": "+orNothing(a.Detail), ": ")
	}
	told := []string{a.Title}
	for _, f := range *a.Faults {
		told = append(told, "  "+a.place(f)+cmp.Or(orNothing(f.Translation), f.Message))
	}
	return strings.Join(told, "\n")
}

// place is what a fault is about: a line as it was typed, else the member of the request.
func (a answered) place(f client.Fault) string {
	pointer := orNothing(f.Pointer)
	if rest, inLine := strings.CutPrefix(pointer, "/lines/"); inLine {
		n, member, _ := strings.Cut(rest, "/")
		if i, err := strconv.Atoi(n); err == nil && i < len(a.lines) {
			return strings.TrimSuffix(a.lines[i]+" "+member, " ") + ": "
		}
	}
	if place := strings.TrimPrefix(pointer, "/") + orNothing(f.Parameter); place != "" {
		return place + ": "
	}
	return ""
}

// hint is what can be done, every advice once and on a line of its own.
func (a answered) hint() string {
	advice := []string{}
	add := func(hint *string) {
		if h := orNothing(hint); h != "" && !slices.Contains(advice, h) {
			advice = append(advice, h)
		}
	}
	if a.Faults != nil {
		for _, f := range *a.Faults {
			add(f.Hint)
		}
	}
	if len(advice) == 0 {
		add(a.Hint)
	}
	if a.Status >= 500 && a.Instance != nil {
		advice = append(advice, fmt.Sprintf("the server's log knows it as %s", *a.Instance))
	}
	return strings.Join(advice, "\n")
}

func orNothing(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// exitOf gives every kind of refusal its exit code. A kind that is not named is the book's: what is there does not allow it.
var exitOf = map[string]int{
	ledger.Invalid: invalid, "malformed": invalid, "not-json": invalid, "too-large": invalid, "wrong-method": invalid,
	"unauthorized": forbidden, "forbidden": forbidden, "beyond-your-grants": forbidden, ledger.SamePerson: forbidden,
	ledger.NotFound:  absent,
	ledger.KeyReused: conflicting, "stale": conflicting, "condition-required": conflicting,
	"busy": unavailable, "closing": unavailable, "outcome-unknown": unavailable, "timeout": unavailable, "too-many-requests": unavailable,
	"internal": failed,
}

// exitOfRefusal is the exit code of a kind of refusal.
func exitOfRefusal(code string) int {
	if exit, named := exitOf[code]; named {
		return exit
	}
	return refused
}

// exit is the exit code of a problem. One that is not of this API is known by its status alone.
func (a answered) exit() int {
	switch {
	case strings.HasPrefix(a.Type, "/problems/"):
		return exitOfRefusal(a.code())
	case slices.Contains([]int64{408, 429, 502, 503, 504}, a.Status):
		return unavailable
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		return forbidden
	case a.Status == http.StatusNotFound:
		return absent
	}
	return failed
}

// isUnknown reports whether a request may have been carried out although there is no answer that says so.
func isUnknown(err error) bool {
	var silent unanswered
	var problem answered
	return errors.As(err, &silent) || errors.As(err, &problem) && problem.exit() == unavailable
}
