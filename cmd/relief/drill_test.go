package main

import (
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"reliefledger/internal/pgtest"
)

// The restore drill that is shipped, with a real dump: what was dumped is whole, what came later is missed, what was forged is found.
func TestRestoreDrill(t *testing.T) {
	dir, data, dsn := t.TempDir(), t.TempDir(), pgtest.Empty(t)
	programs, err := pgtest.Binaries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Of a PostgreSQL that was installed for this program, nothing is on the path.
	t.Setenv("PATH", programs.Dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	relief := filepath.Join(dir, "relief")
	if out, err := exec.Command("go", "build", "-o", relief, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	s := startServing(t, "--data", data, "--db", dsn)
	token := gift(t, s)
	dump := func(name string) string {
		path := filepath.Join(dir, name)
		if out, err := exec.Command("pg_dump", "--format=custom", "--file="+path, dsn).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return path
	}
	early := dump("early.dump")
	s.call(token, "POST", "/v1/contributions", oneGift, "later")
	if code := s.stop(); code != succeeded {
		t.Fatalf("stopped with %d: %s", code, s.err)
	}
	late := dump("late.dump")
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	log := filepath.Join(dir, "drills.log")
	environment := append(os.Environ(), "PGUSER="+u.User.Username(), "PGPASSWORD="+password, "PGDATABASE=postgres", "DATABASE_URL=",
		"PGSSLMODE=disable", "RELIEF="+relief, "RELIEF_DRILL_LOG="+log, "RELIEF_DRILL_PARAMETERS=sslmode=disable")
	environment = append(environment, "PGHOST="+or(u.Hostname(), u.Query().Get("host")), "PGPORT="+or(u.Port(), u.Query().Get("port")))
	for _, c := range []struct {
		dump string
		code int
		want string
	}{
		{late, succeeded, "book main is whole: 2 entries"},
		{early, broken, "2"},
		{filepath.Join(dir, "relief"), failed, "pg_restore"},
	} {
		drill := exec.Command("../../deploy/restore-drill.sh", c.dump, filepath.Join(data, "checkpoints"), filepath.Join(data, "log.pub"))
		drill.Env = environment
		out, err := drill.CombinedOutput()
		code := 0
		if exit := new(exec.ExitError); errors.As(err, &exit) {
			code = exit.ExitCode()
		}
		if code != c.code || !strings.Contains(string(out), c.want) {
			t.Errorf("the drill with %s: exit %d, %d wanted\n%s", filepath.Base(c.dump), code, c.code, out)
		}
		if strings.Contains(string(out), "still there") {
			t.Errorf("the scratch database was left: %s", out)
		}
	}
	if lines, err := os.ReadFile(log); err != nil || strings.Count(string(lines), "\n") != 3 || !strings.Contains(string(lines), "exit=0 ") {
		t.Errorf("the log of the drills: %s, %v", lines, err)
	}
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
