package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU times in /proc: Linux shows hundredths of a second to every program.
const tick = 10 * time.Millisecond

// process is a line of /proc/<pid>/stat.
type process struct {
	pid, parent int
	own         time.Duration // CPU time of the process
	waited      time.Duration // CPU time of its children that have ended
}

func readProcess(pid int) (process, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return process{}, err
	}
	// The name before the last parenthesis may hold anything.
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	if len(fields) < 15 {
		return process{}, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	ticks := func(i int) time.Duration {
		n, _ := strconv.ParseInt(fields[i], 10, 64) // the kernel writes digits
		return time.Duration(n) * tick
	}
	parent, err := strconv.Atoi(fields[1])
	return process{pid, parent, ticks(11) + ticks(12), ticks(13) + ticks(14)}, err
}

// cpuOf is the CPU time that a process has used, with all its children, those that have ended too. It is zero where there is no /proc.
// A child that ends while they are looked at would be missed or counted twice: then it looks again.
func cpuOf(pid int) time.Duration {
	for {
		before, err := readProcess(pid)
		if err != nil {
			return 0
		}
		sum := before.own + before.waited
		for _, child := range children(pid) {
			sum += child.own + child.waited
		}
		if after, err := readProcess(pid); err != nil || after.waited == before.waited {
			return sum
		}
	}
}

// ownCPU is the CPU time of one process and of its children that have ended, such as a tool that it ran.
func ownCPU(pid int) time.Duration {
	p, err := readProcess(pid)
	if err != nil {
		return 0
	}
	return p.own + p.waited
}

func children(pid int) []process {
	var found []process
	paths, _ := filepath.Glob("/proc/[0-9]*/stat") // a malformed pattern is the only error
	for _, path := range paths {
		n, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			continue
		}
		if p, err := readProcess(n); err == nil && p.parent == pid {
			found = append(found, p)
		}
	}
	return found
}

// status is one number of /proc/<pid>/status in bytes, or zero.
func status(pid int, name string) int64 {
	return kilobytes(fmt.Sprintf("/proc/%d/status", pid), name)
}

// peakMemory is the largest resident memory that a process has had, in bytes.
func peakMemory(pid int) int64 { return status(pid, "VmHWM") }

// kilobytes reads "name: 123 kB" from a file of /proc, in bytes.
func kilobytes(path, name string) int64 {
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, found := strings.CutPrefix(line, name+":"); found {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64) // the kernel writes digits
			return n << 10
		}
	}
	return 0
}
