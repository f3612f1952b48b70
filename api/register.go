package api

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
	"reliefledger/internal/register"
)

type page struct {
	After string `query:"after" maxLength:"80" example:"QUILT" doc:"Code after which the page begins: the next of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"How many records at most."`
}

// Coded names a record in a path.
type Coded struct {
	Code string `path:"code" maxLength:"80" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$" example:"QUILT" doc:"Code of the record."`
}

// Page is a part of a register in order of code.
type Page[T any] struct {
	Records []T    `json:"records" doc:"The records."`
	Next    string `json:"next,omitempty" doc:"Send it as after to read on; absent on the last page."`
}

// History is every version of a record, the oldest first.
type History[T any] struct {
	Versions []Version[T] `json:"versions" doc:"The versions."`
}

// Version is a record as it stood for some time.
type Version[T any] struct {
	Version   int64     `json:"version" doc:"1 for the record as it was created." example:"1"`
	ChangedAt time.Time `json:"changed_at" doc:"When this version was written."`
	ChangedBy string    `json:"changed_by" doc:"Who wrote it." example:"coordinator"`
	Record    T         `json:"record" doc:"The record."`
}

// record is one record with its version as ETag.
type record[T any] struct {
	Status int
	ETag   string `header:"ETag" doc:"Version of the record, to send back as If-Match."`
	Body   T
}

type list[T any] struct{ Body Page[T] }

// records registers the operations of a register: list, read, history, create and change. Nothing is deleted.
func records[T any](d *Door, a huma.API, keep auth.Verb, noun, nouns string, of *register.Register[T]) {
	path := "/v1/" + nouns
	huma.Register(a, operation(auth.Read, http.MethodGet, path, "list-"+nouns, "List "+nouns,
		"Lists the "+nouns+" in order of code, a page at a time."), func(ctx context.Context, in *page) (*list[T], error) {
		rows, err := of.List(ctx, in.After, in.Limit)
		answer := &list[T]{Page[T]{Records: make([]T, len(rows))}}
		for i, row := range rows {
			answer.Body.Records[i] = row.Record
		}
		if len(rows) == in.Limit {
			answer.Body.Next = of.Code(rows[len(rows)-1].Record)
		}
		return answer, err
	})
	huma.Register(a, operation(auth.Read, http.MethodGet, path+"/{code}", "read-"+noun, "Read one "+noun,
		"Reads one "+noun+". The ETag is its version."), func(ctx context.Context, in *Coded) (*record[T], error) {
		row, err := of.Read(ctx, in.Code)
		return shown(http.StatusOK, row, err)
	})
	huma.Register(a, operation(auth.Read, http.MethodGet, path+"/{code}/history", "read-"+noun+"-history", "Read the history of one "+noun,
		"Reads every version of one "+noun+", the oldest first, with who wrote it and when."), func(ctx context.Context, in *Coded) (*struct{ Body History[T] }, error) {
		return history(ctx, of, in.Code)
	})
	create := operation(keep, http.MethodPost, path, "create-"+noun, "Create one "+noun,
		"Creates one "+noun+". Sending the same record again answers with the one that stands (200 instead of 201); the same code with other content is refused, naming the fields that differ.")
	create.DefaultStatus = http.StatusCreated
	create.Responses = map[string]*huma.Response{
		"200": answering[T](d, "The same record, which stands already."), "201": {Description: "The record that was made."},
	}
	huma.Register(a, create, func(ctx context.Context, in *struct{ Body T }) (*record[T], error) {
		row, err := of.Create(ctx, actorOf(ctx), in.Body)
		status := http.StatusCreated
		if row.Repeated {
			status = http.StatusOK
		}
		return shown(status, row, err)
	})
	huma.Register(a, operation(keep, http.MethodPut, path+"/{code}", "change-"+noun, "Change one "+noun,
		"Replaces one "+noun+" when it still is the version that If-Match names; otherwise answers 412, and nobody's change is lost. The version before stays in the history."),
		func(ctx context.Context, in *struct {
			Coded
			IfMatch string `header:"If-Match" example:"\"v3\"" doc:"ETag of the version that was read."`
			Body    T
		},
		) (*record[T], error) {
			version, err := versionOf(in.IfMatch)
			if err != nil {
				return nil, err
			}
			row, err := of.Change(ctx, actorOf(ctx), in.Code, version, in.Body)
			return shown(http.StatusOK, row, err)
		})
}

func shown[T any](status int, row register.Row[T], err error) (*record[T], error) {
	return &record[T]{Status: status, ETag: fmt.Sprintf(`"v%d"`, row.Version), Body: row.Record}, err
}

func history[T any](ctx context.Context, of *register.Register[T], code string) (*struct{ Body History[T] }, error) {
	edits, err := of.History(ctx, code, 0, register.MaxPage)
	if err == nil && len(edits) == 0 {
		_, err = of.Read(ctx, code)
	}
	answer := &struct{ Body History[T] }{History[T]{Versions: make([]Version[T], len(edits))}}
	for i, e := range edits {
		answer.Body.Versions[i] = Version[T](e)
	}
	return answer, err
}

var etagSyntax = regexp.MustCompile(`^"v([1-9][0-9]{0,17})"$`)

// versionOf reads If-Match. A star would change whatever is there, unread: it is not taken.
func versionOf(etag string) (int64, error) {
	if etag == "" {
		return 0, newProblem(noCondition, "If-Match is missing.")
	}
	match := etagSyntax.FindStringSubmatch(strings.TrimPrefix(etag, "W/"))
	if match == nil {
		return 0, newProblem(stale, fmt.Sprintf("If-Match %.40q is no ETag of this register.", etag))
	}
	return strconv.ParseInt(match[1], 10, 64)
}
