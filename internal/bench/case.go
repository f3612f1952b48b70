package main

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
)

// benchCase measures one or more rows of the table.
type benchCase struct {
	name string
	run  func(*bench, context.Context) ([]row, error)
}

// cases are in the order of the table.
var cases = []benchCase{
	{"post in process", (*bench).postInProcess},
	{"post at one point", (*bench).postHot},
	{"post alone", (*bench).postAlone},
	{"HTTP", (*bench).postOverHTTP},
	{"HTTP in bulk", (*bench).postInBulk},
}

// longCases need the long history. They run afterwards in a PostgreSQL of their own, so that its ten gigabytes weigh on none of the others.
var longCases = []benchCase{
	{"history: post", (*bench).postAtLength},
	{"history: backdated", (*bench).postBackdated},
	{"history: read", (*bench).readAtLength},
	{"history: verify", (*bench).verifyHistory},
}

// among are the cases whose name matches.
func among(cases []benchCase, only *regexp.Regexp) []benchCase {
	return slices.DeleteFunc(slices.Clone(cases), func(c benchCase) bool { return !only.MatchString(c.name) })
}

func orElse[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
