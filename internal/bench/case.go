package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
)

// benchCase measures one or more rows of the table.
type benchCase struct {
	name string
	run  func(*bench, context.Context) ([]row, error)
}

// cases are in the order of the table. Those that need the long history come last.
var cases = []benchCase{
	{"post in process", (*bench).postInProcess},
	{"post at one point", (*bench).postHot},
	{"post alone", (*bench).postAlone},
	{"HTTP", (*bench).postOverHTTP},
	{"HTTP in bulk", (*bench).postInBulk},
	{"history: post", (*bench).postAtLength},
	{"history: backdated", (*bench).postBackdated},
	{"history: read", (*bench).readAtLength},
	{"history: verify", (*bench).verifyHistory},
}

func orElse[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
