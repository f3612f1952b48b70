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
	Go         string `json:"go"`
	PostgreSQL string `json:"postgresql"`
	Durability string `json:"durability"`
}

func (m machine) String() string {
	return fmt.Sprintf("%d cores (%s), %s, %s, %s, PostgreSQL %s with %s; server, database and load on the same cores, loopback only",
		m.Cores, m.Processor, m.Memory, m.System, m.Go, m.PostgreSQL, m.Durability)
}

// describe asks the machine and the server. A server that could lose an acknowledged commit is refused: its figures would say nothing.
func describe(ctx context.Context, db *sql.DB) (machine, error) {
	m := machine{
		Cores: runtime.NumCPU(), Processor: processor(), Memory: gigabytes(kilobytes("/proc/meminfo", "MemTotal")),
		System: runtime.GOOS + " " + runtime.GOARCH, Go: runtime.Version(),
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

func gigabytes(n int64) string { return fmt.Sprintf("%d GB", (n+1<<29)>>30) }
