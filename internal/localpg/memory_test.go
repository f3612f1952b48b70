package localpg

import (
	"os"
	"testing"
)

func TestBuffersAreAPartOfTheMemory(t *testing.T) {
	for _, c := range []struct{ name, meminfo, limit, want string }{
		{"a server", "MemTotal:       65536000 kB\nMemFree: 1 kB\n", "max\n", "8192MB"},
		{"a laptop", "MemTotal:        8192000 kB\n", "", "2000MB"},
		{"a small box", "MemTotal:        1000000 kB\n", "", "244MB"},
		{"a container on a server", "MemTotal:       65536000 kB\n", "4294967296\n", "1024MB"},
		{"no Linux", "", "", "128MB"},
	} {
		files := map[string]string{"/proc/meminfo": c.meminfo, "/sys/fs/cgroup/memory.max": c.limit}
		got := buffers(func(name string) ([]byte, error) {
			if files[name] == "" {
				return nil, os.ErrNotExist
			}
			return []byte(files[name]), nil
		})
		if got != "shared_buffers="+c.want {
			t.Errorf("%s gets %s, want %s", c.name, got, c.want)
		}
	}
}
