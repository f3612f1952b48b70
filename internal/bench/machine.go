package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// machine is what the figures were measured on, without names.
type machine struct {
	Cores      int    `json:"cores"`
	Processor  string `json:"processor"`
	Memory     string `json:"memory"`
	System     string `json:"system"`
	FileSystem string `json:"file_system"`
	Load       string `json:"load_before"` // of the last 1, 5 and 15 minutes
	Go         string `json:"go"`
	PostgreSQL string `json:"postgresql"`
	Durability string `json:"durability"`
}

func (m machine) String() string {
	return fmt.Sprintf("%d cores (%s), %s, %s, %s, %s, PostgreSQL %s with %s; load before: %s; server, database and load on the same cores, loopback only",
		m.Cores, m.Processor, m.Memory, m.System, m.FileSystem, m.Go, m.PostgreSQL, m.Durability, m.Load)
}

// describe asks the machine and the server. A server that could lose an acknowledged commit is refused: its figures would say nothing.
func describe(ctx context.Context, db *sql.DB, dir string) (machine, error) {
	m := machine{
		Cores: runtime.NumCPU(), Processor: processor(), Memory: gigabytes(kilobytes("/proc/meminfo", "MemTotal")),
		System:     strings.TrimSpace(runtime.GOOS + " " + firstFields("/proc/sys/kernel/osrelease", 1) + " " + runtime.GOARCH),
		FileSystem: fileSystem(dir), Load: orElse(firstFields("/proc/loadavg", 3), "unknown"), Go: runtime.Version(),
	}
	var said []string
	for _, name := range []string{"server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers"} {
		value := ""
		if err := db.QueryRowContext(ctx, "SHOW "+name).Scan(&value); err != nil {
			return m, err
		}
		if name == "server_version" {
			m.PostgreSQL, _, _ = strings.Cut(value, " ")
			continue
		}
		said = append(said, name+" "+value)
		if name != "shared_buffers" && value != "on" {
			return m, fmt.Errorf("PostgreSQL runs with %s %s: only full durability is measured", name, value)
		}
	}
	m.Durability = strings.Join(said, ", ")
	return m, nil
}

func processor() string {
	raw, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(raw)) {
		if name, found := strings.CutPrefix(line, "model name"); found {
			return strings.Trim(name, " \t:\n")
		}
	}
	return runtime.GOARCH
}

// firstFields are the first words of a file, or nothing where there is no such file.
func firstFields(path string, n int) string {
	raw, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	fields := strings.Fields(string(raw))
	return strings.Join(fields[:min(n, len(fields))], " ")
}

// fileSystem is the kind of file system that a directory is on: that of the longest mount point above it.
func fileSystem(dir string) string {
	kind, longest := "unknown file system", 0
	raw, err := os.ReadFile("/proc/mounts")
	if err != nil {
		return kind
	}
	for line := range strings.Lines(string(raw)) {
		fields := strings.Fields(line)
		if len(fields) > 2 && len(fields[1]) >= longest && strings.HasPrefix(dir+"/", strings.TrimSuffix(fields[1], "/")+"/") {
			kind, longest = fields[2], len(fields[1])
		}
	}
	return kind
}

func gigabytes(n int64) string { return fmt.Sprintf("%d GB", (n+1<<29)>>30) }
