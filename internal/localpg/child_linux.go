package localpg

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// attributes let the server outlive Ctrl-C, which goes to our whole process group, but not us: when the thread that
// started it dies, by kill -9 too, the kernel sends it the signal for a fast, clean shutdown.
func attributes(as *account) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as.credential(), Setpgid: true, Pdeathsig: syscall.SIGINT}
}

// workers are the PostgreSQL processes that work in the data directory, whoever started them.
func workers(data string) []int {
	var pids []int
	for _, link := range glob("/proc/[0-9]*/cwd") {
		proc := filepath.Dir(link)
		cwd, err := os.Readlink(link)
		if err != nil || cwd != data {
			continue
		}
		name, err := os.ReadFile(filepath.Join(proc, "comm"))
		if err != nil || strings.TrimSpace(string(name)) != "postgres" {
			continue // such as a shell in that directory
		}
		if pid, err := strconv.Atoi(filepath.Base(proc)); err == nil {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return pids
}
