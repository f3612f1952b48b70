package ledger

import (
	"log/slog"
	"os"
)

// Soaking reports whether the long forms of the tests are asked for, as make soak and make faults do.
func Soaking() bool { return os.Getenv("RELIEF_SOAK") != "" }

// The tests make the committer complain thousands of times, on purpose.
func init() { slog.SetDefault(slog.New(slog.DiscardHandler)) }
