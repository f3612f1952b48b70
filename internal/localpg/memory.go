package localpg

import (
	"bytes"
	"fmt"
	"strconv"
)

const (
	leastBuffers = 128 << 20 // what PostgreSQL takes by itself
	mostBuffers  = 1 << 30
)

// buffers is the setting for how much PostgreSQL keeps in memory of its own: a sixteenth of what this machine or container has, because a
// private cluster shares it with others, and never more than helps. A long history in 128 MB has most of its pages read anew.
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
	return fmt.Sprintf("shared_buffers=%dMB", min(max(memory/16, leastBuffers), mostBuffers)>>20)
}
