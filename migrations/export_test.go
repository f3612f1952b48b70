package migrations

// Tests bring migrations of their own.
var (
	RunFS     = run
	PendingFS = pending
)
