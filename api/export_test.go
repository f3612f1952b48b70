package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/warehouse"
)

// Served are the patterns of all that is served, and those of which nobody said who may call them.
func Served() (served, open []string) {
	d := &Door{Keeper: warehouse.NewKeeper(nil, nil), Officer: fund.NewOfficer(nil, nil), Desk: campaign.NewDesk(nil, nil)}
	a := d.open(http.NewServeMux())
	return d.served, unguarded(d.served, a.OpenAPI())
}

// Unguarded is what nobody minds when these patterns were served too.
func Unguarded(patterns ...string) []string { return unguarded(patterns, contract()) }

// Entrances are the patterns of the table with the reason why each is public, "" for those that are not.
func Entrances() map[string]string {
	all := map[string]string{}
	for pattern, e := range entrances {
		all[pattern] = e.public
	}
	return all
}

// Judge tells what an answer has that the contract does not say.
type Judge struct {
	mux *http.ServeMux
	api huma.API
}

// NewJudge reads the contract.
func NewJudge() *Judge {
	d := &Door{Keeper: warehouse.NewKeeper(nil, nil), Officer: fund.NewOfficer(nil, nil), Desk: campaign.NewDesk(nil, nil)}
	mux := http.NewServeMux()
	return &Judge{mux, d.open(mux)}
}

// Check is nil for an answer that the contract describes. Answers outside operations are not its business.
func (j *Judge) Check(r *http.Request, status int, contentType, body string) error {
	_, pattern := j.mux.Handler(r)
	_, path, _ := strings.Cut(pattern, " ")
	item := j.api.OpenAPI().Paths[path]
	if item == nil || status == http.StatusMethodNotAllowed {
		return nil
	}
	op := map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put}[r.Method]
	response := op.Responses[strconv.Itoa(status)]
	if response == nil {
		return fmt.Errorf("%s: the contract has no status %d", pattern, status)
	}
	mediaType, _, _ := strings.Cut(contentType, ";")
	media := response.Content[mediaType]
	if media == nil {
		return fmt.Errorf("%s: the contract has no %s for status %d", pattern, mediaType, status)
	}
	if !strings.HasSuffix(mediaType, "json") {
		return nil
	}
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		return err
	}
	result := &huma.ValidateResult{}
	huma.Validate(j.api.OpenAPI().Components.Schemas, media.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, value, result)
	if len(result.Errors) > 0 {
		return fmt.Errorf("%s: %d is not what the contract says: %v", pattern, status, result.Errors)
	}
	return nil
}

// IsHint reports whether a text is the hint of a kind of problem, which has its Chinese beside it.
func IsHint(english string) bool {
	for _, k := range kinds {
		if k.hint == english {
			return true
		}
	}
	return false
}

// Untagged are the nouns of operations that no tag explains.
func Untagged() (lacking []string) {
	c := contract()
	for _, path := range c.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Put} {
			if op != nil && !slices.ContainsFunc(c.Tags, func(t *huma.Tag) bool { return t.Name == op.Tags[0] }) {
				lacking = append(lacking, op.Tags[0])
			}
		}
	}
	return lacking
}

// Question is an operation that only reads, with the names of its parameters.
type Question struct {
	Path            string
	InPath, InQuery []string
}

// Questions are those of the contract that are answered at once.
func Questions() (all []Question) {
	for path, at := range contract().Paths {
		if at.Get == nil || at.Get.Responses["200"].Content["text/event-stream"] != nil {
			continue
		}
		q := Question{Path: path}
		for _, p := range at.Get.Parameters {
			switch {
			case p.In == "path":
				q.InPath = append(q.InPath, p.Name)
			case p.In == "query" && p.Name != "wait":
				q.InQuery = append(q.InQuery, p.Name)
			}
		}
		all = append(all, q)
	}
	return all
}

// Posting is the operation that posts entries of each kind, "" for a kind that is never taken back; wrong are kinds whose verb is not that of
// their operation, and
// operations that post what no kind names, save those in bulk, which post the same.
func Posting() (kinds map[string]string, wrong []string) {
	kinds = map[string]string{}
	verbs := map[string]auth.Verb{}
	for _, path := range contract().Paths {
		if path.Post != nil && !strings.HasSuffix(path.Post.OperationID, "-in-bulk") && slices.ContainsFunc(path.Post.Parameters, func(p *huma.Param) bool { return p.Name == "Idempotency-Key" }) {
			verbs[path.Post.OperationID], _ = path.Post.Metadata["verb"].(auth.Verb)
		}
	}
	for kind, posting := range postedBy {
		kinds[kind] = posting.operation
		if verb, there := verbs[posting.operation]; posting.operation != "" && (!there || verb != posting.verb) {
			wrong = append(wrong, kind)
		}
		delete(verbs, posting.operation)
	}
	return kinds, append(wrong, slices.Sorted(maps.Keys(verbs))...)
}
