//go:build race

package api_test

// racing says that the race detector looks on.
const racing = true
