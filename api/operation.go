package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

// operation describes one operation. An operation without a verb is open to everybody.
func operation(verb auth.Verb, method, path, id, summary, description string) huma.Operation {
	noun, versioned := strings.CutPrefix(path, "/v1/")
	tag, _, _ := strings.Cut(noun, "/")
	if !versioned {
		tag = "health"
	}
	op := huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, Description: description, Tags: []string{tag},
		Security: []map[string][]string{}, BodyReadTimeout: time.Minute, RejectUnknownQueryParameters: true,
	}
	if verb == "" {
		op.Errors = []int{http.StatusRequestHeaderFieldsTooLarge, http.StatusServiceUnavailable}
		return op
	}
	if !verb.Known() {
		panic("api: " + id + " has no permission: the table in auth does not know " + string(verb))
	}
	op.Security = []map[string][]string{{"token": {}}}
	op.Description += "\n\nAllowed to: " + auth.Who(verb) + "."
	switch {
	case ofTheWholeBook[id]:
		op.Description += " It takes a grant without bounds."
	case standsNowhere(verb, id):
		op.Description += " It takes a grant that is not bound to a place."
	}
	op.Metadata = map[string]any{"verb": verb}
	op.Errors = failures(method, path)
	return op
}

// failures are the statuses that an operation may answer with besides success and a failing server.
func failures(method, path string) []int {
	statuses := []int{400, 401, 403, 422, 429, 431, 503}
	// A question may name places and funds in its query: what is not there is 404, too.
	if method == http.MethodGet || strings.Contains(path, "{") {
		statuses = append(statuses, 404)
	}
	if method != http.MethodGet {
		statuses = append(statuses, 408, 409, 413, 415)
	}
	if method == http.MethodPut {
		statuses = append(statuses, 412, 428)
	}
	return statuses
}
