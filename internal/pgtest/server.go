package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/lib/pq"

	"reliefledger/internal/localpg"
	"reliefledger/migrations"
)

// server is the PostgreSQL that all tests of this binary share.
type server struct {
	admin *sql.DB // past the guard: CREATE DATABASE cannot run inside a transaction
	dsn   func(database string) string

	alive io.Closer // held open by this process alone: its end is the sign to remove the server's files

	mu       sync.Mutex
	template string
}

var shared = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	s := &server{}
	if dsn := os.Getenv("RELIEF_TEST_DSN"); dsn != "" {
		s.dsn = func(database string) string { return withDatabase(dsn, database) }
	} else {
		cluster, err := s.private(ctx)
		if err != nil {
			return nil, err
		}
		s.dsn = cluster.DSN
	}
	var err error
	s.admin, err = sql.Open("postgres", s.dsn("postgres"))
	return s, err
})

func serverOf(t testing.TB) *server {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("no PostgreSQL for tests: %v", err)
	}
	return s
}

// private runs a server for this test binary. It stops when the binary ends, however it ends, and its files are removed.
func (s *server) private(ctx context.Context) (*localpg.Cluster, error) {
	bin, err := Binaries(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "relief-test-")
	if err != nil {
		return nil, err
	}
	// The server may run as another user than root, who must get in.
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	if s.alive, err = removeAtExit(dir); err != nil {
		return nil, err
	}
	return localpg.Start(ctx, dir, localpg.Options{Fast: true, Binaries: bin})
}

// Binaries gives the PostgreSQL that tests run, installed first when the machine has none.
func Binaries(ctx context.Context) (localpg.Binaries, error) {
	programs, err := programDir()
	if err != nil {
		return localpg.Binaries{}, err
	}
	if bin, err := localpg.Find(programs); err == nil {
		return bin, nil
	}
	return localpg.Install(ctx, programs, os.Stderr)
}

// programDir is where tests keep a PostgreSQL that they had to install. It outlives them, and only its user may write to it.
func programDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/cache/relief", nil
	}
	dir, err := os.UserCacheDir()
	return filepath.Join(dir, "relief"), err
}

// removeAtExit leaves a shell behind that waits for the end of this process and of the server, and then removes dir.
// A test binary has no last moment of its own in which it could do that.
func removeAtExit(dir string) (alive io.Closer, err error) {
	const script = `read -r _
pid="$1/postgresql/data/postmaster.pid"
kill -INT "$(head -n 1 "$pid")" 2>/dev/null
n=0
while [ -e "$pid" ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done
rm -rf "$(readlink -f "$1/postgresql")" "$1"`
	cmd := exec.Command("/bin/sh", "-c", script, "remover", dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if alive, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	return alive, cmd.Start()
}

func (s *server) hasRole(t testing.TB, role string) (found bool) {
	t.Helper()
	err := s.admin.QueryRowContext(t.Context(), "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role).Scan(&found)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// create clones template under a new name, drops the clone when the test ends, and gives its connection string.
func (s *server) create(t testing.TB, template string) string {
	t.Helper()
	name := "relief_test_" + strings.ToLower(rand.Text()[:16])
	if err := s.clone(t.Context(), name, template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := s.admin.ExecContext(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return s.dsn(name)
}

func (s *server) clone(ctx context.Context, name, template string) error {
	_, err := s.admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template)
	return err
}

// migrated is the name of a database with all migrations applied. On a server of others it stays for the next run.
func (s *server) migrated(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.template != "" {
		return s.template, nil
	}
	// Several test binaries may share the server; the lock of this session ends with its connection.
	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(hashtext('relief test template'))"); err != nil {
		return "", err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(hashtext('relief test template'))")
	name := "relief_template_" + migrations.Fingerprint()
	var found bool
	err = conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&found)
	if err == nil && !found {
		err = s.migrate(ctx, name)
	}
	if err != nil {
		return "", err
	}
	s.template = name
	return name, nil
}

// migrate makes the template. It takes its name only when it is complete.
func (s *server) migrate(ctx context.Context, name string) error {
	fresh := name + "_new"
	if _, err := s.admin.ExecContext(ctx, "DROP DATABASE IF EXISTS "+fresh); err != nil {
		return err
	}
	if err := s.clone(ctx, fresh, "template0"); err != nil {
		return err
	}
	if err := migrations.Run(ctx, s.dsn(fresh)); err != nil {
		return err
	}
	_, err := s.admin.ExecContext(ctx, "ALTER DATABASE "+fresh+" RENAME TO "+name)
	return err
}

// withDatabase is dsn, a URL or key=value pairs, with another database in it.
func withDatabase(dsn, database string) string {
	if u, err := url.Parse(dsn); err == nil && strings.HasPrefix(u.Scheme, "postgres") {
		u.Path = "/" + database
		return u.String()
	}
	return fmt.Sprintf("%s dbname=%s", dsn, pq.QuoteLiteral(database))
}
