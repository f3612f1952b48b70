package ledger

import (
	"log/slog"
	"os"
)

// soaking reports whether the long forms of the tests are asked for, as make soak and make faults do.
func soaking() bool { return os.Getenv("RELIEF_SOAK") != "" }

// The tests make the committer complain thousands of times, on purpose.
func init() { slog.SetDefault(slog.New(slog.DiscardHandler)) }
