package localpg

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// oldest is the oldest major version of PostgreSQL that the migrations are written for.
const oldest = 15

// ErrNotFound means that no PostgreSQL of a usable version was found on this machine.
var ErrNotFound = errors.New("no PostgreSQL 15 or newer found")

// Binaries are the server programs of one PostgreSQL installation.
type Binaries struct {
	Dir   string // holds initdb and postgres, and usually pg_dump
	Major int    // 15 and up
}

// Path is the full name of one program.
func (b Binaries) Path(program string) string { return filepath.Join(b.Dir, program) }

// usual are the places where distributions put the server programs; most keep them off PATH.
var usual = []string{
	"/usr/lib/postgresql/*/bin",          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                   // RHEL, Fedora, from PostgreSQL's own packages
	"/usr/lib/postgresql[0-9]*/bin",      // SUSE
	"/usr/libexec/postgresql[0-9]*",      // Alpine
	"/opt/homebrew/opt/postgresql@*/bin", // macOS
	"/usr/local/opt/postgresql@*/bin",
}

// Find gives the newest PostgreSQL of this machine, looking into the directories dirs that Install may have filled, the
// usual places and PATH. RELIEF_PG_BIN, when set, replaces the usual places and PATH. With nothing found the error is ErrNotFound.
func Find(dirs ...string) (Binaries, error) {
	var best Binaries
	for _, b := range findAll(dirs) {
		if b.Major > best.Major {
			best = b
		}
	}
	if best.Major < oldest {
		return Binaries{}, ErrNotFound
	}
	return best, nil
}

// findMajor gives an installation of exactly that major version: a newer one cannot read its files.
func findMajor(major int, dirs []string) (Binaries, error) {
	have := "none"
	for _, b := range findAll(dirs) {
		if b.Major == major {
			return b, nil
		}
		have = fmt.Sprintf("PostgreSQL %d in %s", b.Major, b.Dir)
	}
	return Binaries{}, fmt.Errorf("PostgreSQL %d is needed, %s found: install it, or name its programs in RELIEF_PG_BIN", major, have)
}

func findAll(dirs []string) []Binaries {
	var found []Binaries
	for _, dir := range places(dirs) {
		if b, err := inspect(dir); err == nil {
			found = append(found, b)
		}
	}
	return found
}

func places(dirs []string) []string {
	var places []string
	for _, dir := range dirs {
		places = append(places, glob(filepath.Join(dir, installed))...)
	}
	if only := os.Getenv("RELIEF_PG_BIN"); only != "" {
		return append(places, only)
	}
	for _, pattern := range usual {
		places = append(places, glob(pattern)...)
	}
	if postgres, err := exec.LookPath("postgres"); err == nil {
		if postgres, err = filepath.EvalSymlinks(postgres); err == nil {
			places = append(places, filepath.Dir(postgres))
		}
	}
	return places
}

func glob(pattern string) []string {
	matches, _ := filepath.Glob(pattern) // a malformed pattern is the only error
	return matches
}

var version = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspect asks the programs in dir for their version.
func inspect(dir string) (Binaries, error) {
	b := Binaries{Dir: dir}
	if _, err := exec.LookPath(b.Path("initdb")); err != nil {
		return b, err
	}
	out, err := exec.Command(b.Path("postgres"), "--version").Output()
	if err != nil {
		return b, fmt.Errorf("%s --version: %w", b.Path("postgres"), err)
	}
	match := version.FindSubmatch(out)
	if match == nil {
		return b, fmt.Errorf("%s --version says %q", b.Path("postgres"), out)
	}
	b.Major, err = strconv.Atoi(string(match[1]))
	return b, err
}
