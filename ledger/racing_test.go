//go:build !race

package ledger_test

// racing says that the race detector looks on.
const racing = false
