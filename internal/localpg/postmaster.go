package localpg

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// postmaster is what a server writes into postmaster.pid. A file alone proves nothing: it outlives a crash.
type postmaster struct {
	pid    int
	socket string // directory
	ready  bool
}

func readPostmaster(data string) (postmaster, bool) {
	raw, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return postmaster{}, false
	}
	lines := strings.Split(string(bytes.TrimSpace(raw)), "\n")
	pid, err := strconv.Atoi(lines[0])
	if err != nil || len(lines) < 5 {
		return postmaster{}, false
	}
	return postmaster{
		pid:    pid,
		socket: lines[4],
		ready:  len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready",
	}, true
}
