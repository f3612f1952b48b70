package localpg

import (
	"bytes"
	"fmt"
	"strconv"
)

const (
	leastBuffers = 128 << 20 // what PostgreSQL takes by itself
	mostBuffers  = 8 << 30
)

// buffers is the setting for how much PostgreSQL may keep in memory of its own: a quarter of what this machine or container has, as its manual
// begins with (section "Memory" of "Resource Consumption"), and never more than helps. It takes of it what the book needs: a small one stays small,
// and a long history in 128 MB has most of its pages read anew.
func buffers(read func(name string) ([]byte, error)) string {
	memory := int64(0)
	if text, err := read("/proc/meminfo"); err == nil {
		_, _ = fmt.Sscanf(string(text), "MemTotal: %d kB", &memory) // none known: the least
		memory <<= 10
	}
	if text, err := read("/sys/fs/cgroup/memory.max"); err == nil {
		if limit, err := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64); err == nil { // "max" where there is none
			memory = min(memory, limit)
		}
	}
	return fmt.Sprintf("shared_buffers=%dMB", min(max(memory/4, leastBuffers), mostBuffers)>>20)
}
