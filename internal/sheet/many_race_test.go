//go:build race

package sheet_test

// many is smaller under the race detector, which looks at every byte of it and at nothing that more rows would show.
const many = 10_000
