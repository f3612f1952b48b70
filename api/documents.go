package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
)

// documents registers an operation that lists documents of one kind: filters from the list of the contract, a cursor of entry
// numbers that stays right while documents are added, and a hard maximum for a page.
func documents[Q, A any](d *Door, a huma.API, path, nouns string, read func(context.Context, Q) (A, error)) {
	question(d, a, path, "list-"+nouns, "List "+nouns,
		"Lists "+nouns+" in the order of their entries, a page at a time, narrowed by any of the filters. "+
			"What was taken back stays in the list and says so.", read)
}
