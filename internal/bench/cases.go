package main

import (
	"cmp"
	"maps"
	"slices"
)

// cases are the rows of the table in their order.
var cases = []benchCase{
	{"post in process", (*bench).postInProcess},
}

func orElse[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
