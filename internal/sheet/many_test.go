//go:build !race

package sheet_test

// many is how many rows a table has that must not fill the memory.
const many = 100_000
