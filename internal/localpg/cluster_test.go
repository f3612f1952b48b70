package localpg_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/lib/pq"

	"reliefledger/internal/localpg"
	"reliefledger/internal/pgtest"
)

// TestMain lets the test binary stand in for a program that starts a cluster and is killed.
func TestMain(m *testing.M) {
	dir := os.Getenv("LOCALPG_TEST_DIR")
	if dir == "" {
		os.Exit(m.Run())
	}
	c, err := localpg.Start(context.Background(), dir, localpg.Options{Log: os.Stderr})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(c.DSN(localpg.Database))
	select {}
}

// directory is a data directory that every user may enter, gone with the test.
func directory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "localpg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *localpg.Cluster {
	t.Helper()
	c, err := try(t, dir, localpg.Options{Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func try(t *testing.T, dir string, o localpg.Options) (*localpg.Cluster, error) {
	t.Helper()
	var err error
	if o.Binaries, err = pgtest.Binaries(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err := localpg.Start(t.Context(), dir, o)
	if err == nil {
		t.Cleanup(func() { stop(t, c) })
	}
	return c, err
}

func stop(t *testing.T, c *localpg.Cluster) {
	t.Helper()
	if err := c.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

func query(t *testing.T, dsn, sql string) string {
	t.Helper()
	got, err := ask(dsn, sql)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func ask(dsn, query string) (got string, err error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return "", err
	}
	defer db.Close()
	err = db.QueryRow(query).Scan(&got)
	return got, err
}

const remember = "CREATE TABLE kept AS SELECT 'this' AS word; SELECT word FROM kept"

func TestClusterKeepsItsData(t *testing.T) {
	dir := directory(t)
	c, err := try(t, dir, localpg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	query(t, c.DSN(localpg.Database), remember)
	for setting, want := range map[string]string{
		"data_checksums": "on", "listen_addresses": "", "fsync": "on", "server_encoding": "UTF8", "log_error_verbosity": "terse",
	} {
		if got := query(t, c.DSN(localpg.Database), "SHOW "+setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	stop(t, c)
	<-c.Done()
	if _, err := ask(c.DSN(localpg.Database), "SELECT 1"); err == nil {
		t.Error("the server still answers")
	}
	if got := query(t, start(t, dir).DSN(localpg.Database), "SELECT word FROM kept"); got != "this" {
		t.Errorf("kept %q", got)
	}
}

func TestOthersAttach(t *testing.T) {
	dir := directory(t)
	var all sync.WaitGroup
	clusters := make([]*localpg.Cluster, 4)
	for i := range clusters {
		all.Go(func() { clusters[i], _ = try(t, dir, localpg.Options{Fast: true}) })
	}
	all.Wait()
	var owner *localpg.Cluster
	for _, c := range clusters {
		switch {
		case c == nil:
			t.Fatal("one could not start")
		case c.Done() == nil:
			stop(t, c)
		case owner != nil:
			t.Fatal("two processes run the cluster")
		default:
			owner = c
		}
	}
	query(t, owner.DSN(localpg.Database), "SELECT 1")
}

func TestOwnerKilled(t *testing.T) {
	dir := directory(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LOCALPG_TEST_DIR="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	dsn := strings.TrimSpace(line)
	attached := start(t, dir)
	if attached.Done() != nil || attached.DSN(localpg.Database) != dsn {
		t.Fatalf("started %s beside %s", attached.DSN(localpg.Database), dsn)
	}
	query(t, dsn, remember)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	// The orphaned server may be shutting down still.
	c := start(t, dir)
	if c.Done() == nil {
		t.Error("attached to the server of a dead process")
	}
	if got := query(t, c.DSN(localpg.Database), "SELECT word FROM kept"); got != "this" {
		t.Errorf("kept %q", got)
	}
}

func TestStalePidFile(t *testing.T) {
	dir := directory(t)
	stop(t, start(t, dir))
	// The number now belongs to a living process, this one, which is no server.
	stale := fmt.Sprintf("%d\n%s/postgresql/data\n1700000000\n5432\n%s/postgresql/socket\n\n  1  2\nready\n", os.Getpid(), dir, dir)
	if err := os.WriteFile(filepath.Join(dir, "postgresql", "data", "postmaster.pid"), []byte(stale), 0o644); err != nil {
		t.Fatal(err)
	}
	query(t, start(t, dir).DSN(localpg.Database), "SELECT 1")
}

func TestOtherVersionIsRefused(t *testing.T) {
	dir := directory(t)
	stop(t, start(t, dir))
	file := filepath.Join(dir, "postgresql", "data", "PG_VERSION")
	if err := os.WriteFile(file, []byte("12\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := try(t, dir, localpg.Options{})
	if err == nil || !strings.Contains(err.Error(), "postgresql/data is untouched: PostgreSQL 12 is needed, PostgreSQL ") ||
		!strings.HasSuffix(err.Error(), " found: install it, or name its programs in RELIEF_PG_BIN") {
		t.Errorf("says %v", err)
	}
}

func TestHalfMadeClusterIsMadeAgain(t *testing.T) {
	dir := directory(t)
	if err := os.MkdirAll(filepath.Join(dir, "postgresql", "data.new", "base"), 0o755); err != nil {
		t.Fatal(err)
	}
	query(t, start(t, dir).DSN(localpg.Database), "SELECT 1")
}

func TestLongPath(t *testing.T) {
	dir := filepath.Join(directory(t), strings.Repeat("long/", 30))
	c := start(t, dir)
	query(t, c.DSN(localpg.Database), "SELECT 1")
	if again := start(t, dir); again.Done() != nil || again.DSN("x") != c.DSN("x") {
		t.Errorf("attached to %s, the server is at %s", again.DSN("x"), c.DSN("x"))
	}
	var socket string
	if _, err := fmt.Sscanf(c.DSN("x"), "postgres://relief@/x?host=%s", &socket); err != nil {
		t.Fatal(err)
	}
	socket, _, _ = strings.Cut(strings.ReplaceAll(socket, "%2F", "/"), "&")
	t.Cleanup(func() { os.RemoveAll(socket) })
	if !strings.HasPrefix(socket, "/tmp/relief-") {
		t.Errorf("listens in %s", socket)
	}
}

// TestClosedDirectory is about root, whose server runs as another user: it must work where that user cannot enter.
func TestClosedDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Chmod(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	query(t, start(t, dir).DSN(localpg.Database), remember)
	home, err := filepath.EvalSymlinks(filepath.Join(dir, "postgresql"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	if moved := strings.HasPrefix(home, "/var/lib/relief/data-"); moved != (os.Geteuid() == 0) {
		t.Errorf("the server lives in %s", home)
	}
	stop(t, start(t, dir))
	query(t, start(t, dir).DSN(localpg.Database), "SELECT word FROM kept")
}
