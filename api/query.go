package api

import (
	"context"
	"encoding"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

// question registers an operation that answers a query of the reading room. The room's own query types are the parameters:
// their query tags name them. They are read here because huma takes a date, which counts days, for a number.
func question[Q, A any](d *Door, a huma.API, path, id, summary, description string, read func(context.Context, Q) (A, error)) {
	huma.Register(a, asking[Q](a, path, id, summary, description), func(ctx context.Context, _ *struct{}) (*told[A], error) {
		q, err := bind[Q](d.schemas, visitOf(ctx).query)
		if err != nil {
			return nil, err
		}
		answer, err := read(ctx, q)
		return &told[A]{answer}, err
	})
}

// questionOf is question about the record that the path names.
func questionOf[Q, A any](d *Door, a huma.API, path, id, summary, description string, read func(context.Context, string, Q) (A, error)) {
	huma.Register(a, asking[Q](a, path, id, summary, description), func(ctx context.Context, in *Coded) (*told[A], error) {
		q, err := bind[Q](d.schemas, visitOf(ctx).query)
		if err != nil {
			return nil, err
		}
		answer, err := read(ctx, in.Code, q)
		return &told[A]{answer}, err
	})
}

// questionAbout is question about the document that the path names.
func questionAbout[Q, A any](d *Door, a huma.API, path, id, summary, description string, read func(context.Context, string, Q) (A, error)) {
	huma.Register(a, asking[Q](a, path, id, summary, description), func(ctx context.Context, in *Documented) (*told[A], error) {
		q, err := bind[Q](d.schemas, visitOf(ctx).query)
		if err != nil {
			return nil, err
		}
		answer, err := read(ctx, in.Document, q)
		return &told[A]{answer}, err
	})
}

type told[A any] struct{ Body A }

// heavyReports look at most of the book.
var heavyReports = map[string]bool{
	"read-agreement": true, "read-trial-balance": true, "read-fund-statement": true, "read-bulletin": true, "read-bulletin-text": true, "read-bank-reconciliation": true,
}

func asking[Q any](a huma.API, path, id, summary, description string) huma.Operation {
	op := operation(auth.Read, http.MethodGet, path, id, summary, description)
	op.RejectUnknownQueryParameters = false // bind does
	if heavyReports[id] {
		heavy(&op, "report")
	}
	for _, p := range parameters[Q](a.OpenAPI().Components.Schemas) {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: p.name, In: "query", Description: p.schema.Description, Required: p.required, Schema: p.schema, Explode: new(bool),
		})
	}
	return op
}

// parameter is a field of a query.
type parameter struct {
	name     string
	index    []int
	required bool
	schema   *huma.Schema
}

func parameters[Q any](r huma.Registry) []parameter {
	var all []parameter
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Q]()) {
		if name := f.Tag.Get("query"); name != "" {
			all = append(all, parameter{name, f.Index, f.Tag.Get("required") == "true", huma.SchemaFromField(r, f, "")})
		}
	}
	return all
}

// bind reads a query and reports everything that is wrong with it at once. What it does not know it refuses: a misspelt filter
// would answer with more than was asked for.
func bind[Q any](r huma.Registry, given url.Values) (Q, error) {
	var q Q
	value := reflect.ValueOf(&q).Elem()
	result := &huma.ValidateResult{}
	names := parameters[Q](r)
	for name := range given {
		if !slices.ContainsFunc(names, func(p parameter) bool { return p.name == name }) {
			result.Errors = append(result.Errors, &huma.ErrorDetail{Location: "query." + name, Message: "unknown query parameter"})
		}
	}
	for _, p := range names {
		place := huma.NewPathBuffer(nil, 0)
		place.Push("query")
		place.Push(p.name)
		text := strings.Join(given[p.name], ",")
		if text == "" {
			if p.required {
				result.Add(place, "", "required query parameter is missing")
			}
			continue
		}
		parsed, err := parse(value.FieldByIndex(p.index), text)
		if err != nil {
			result.Add(place, text, err.Error())
			continue
		}
		huma.Validate(r, p.schema, place, huma.ModeWriteToServer, parsed, result)
	}
	if len(result.Errors) > 0 {
		return q, newError(http.StatusUnprocessableEntity, "validation failed", result.Errors...)
	}
	return q, nil
}

// parse sets a field of a query, and answers with the value as a schema looks at it.
func parse(field reflect.Value, text string) (any, error) {
	if date, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return text, date.UnmarshalText([]byte(text))
	}
	switch field.Kind() {
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, errors.New("expected an integer")
		}
		field.SetInt(n)
		return n, nil
	case reflect.Slice:
		parts := strings.Split(text, ",")
		field.Set(reflect.ValueOf(parts))
		values := make([]any, len(parts))
		for i, part := range parts {
			values[i] = part
		}
		return values, nil
	}
	field.SetString(text)
	return text, nil
}
