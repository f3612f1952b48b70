package ledger

import "os"

// soaking reports whether the long forms of the tests are asked for, as make soak does.
func soaking() bool { return os.Getenv("RELIEF_SOAK") != "" }
