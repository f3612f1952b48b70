//go:build !linux

package localpg

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// attributes let the server outlive Ctrl-C, which goes to our whole process group. It also outlives our own death by
// kill -9: the next start stops it first.
func attributes(as *account) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as.credential(), Setpgid: true}
}

// workers is the process named in postmaster.pid, when that is alive and a PostgreSQL.
func workers(data string) []int {
	server, ok := readPostmaster(data)
	if !ok {
		return nil
	}
	out, err := exec.Command("ps", "-o", "comm=", "-p", strconv.Itoa(server.pid)).Output()
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(out)), "postgres") {
		return nil
	}
	return []int{server.pid}
}
