package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
	"reliefledger/internal/pgtest"
)

// spoken is an output that a test reads while it is written.
type spoken struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func newSpoken() *spoken { return &spoken{more: make(chan struct{}, 1)} }

func (s *spoken) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.more <- struct{}{}:
	default:
	}
	return s.text.Write(p)
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// hear waits until the output holds what the pattern says.
func (s *spoken) hear(t *testing.T, pattern string, ended <-chan int) string {
	t.Helper()
	wanted := regexp.MustCompile(pattern)
	limit := time.After(time.Minute)
	for {
		if match := wanted.FindStringSubmatch(s.String()); match != nil {
			return match[1]
		}
		select {
		case <-s.more:
		case code := <-ended:
			t.Fatalf("ended with %d before it said %s: %s", code, pattern, s)
		case <-limit:
			t.Fatalf("never said %s: %s", pattern, s)
		}
	}
}

// served is a server in this process.
type served struct {
	t    *testing.T
	out  *spoken
	err  *spoken
	url  string
	stop func() int
}

func startServing(t *testing.T, args ...string) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &served{t: t, out: newSpoken(), err: newSpoken()}
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), s.out, s.err) }()
	s.stop = sync.OnceValue(func() int {
		cancel()
		return <-ended
	})
	t.Cleanup(func() { s.stop() })
	s.url = s.out.hear(t, `on (http://127\.0\.0\.1:\d+)\n`, ended)
	return s
}

func (s *served) call(token, method, path, body, key string) string {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 300 {
		s.t.Fatalf("%s %s: %d %s %v", method, path, answer.StatusCode, text, err)
	}
	return string(text)
}

// dataDir is a directory that the account of PostgreSQL may enter, which those of the testing package are not for root.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "relief-serve-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}

// say runs one command and answers with its output.
func say(t *testing.T, wanted int, args ...string) string {
	t.Helper()
	out, errOut := &bytes.Buffer{}, &bytes.Buffer{}
	if code := run(t.Context(), args, out, errOut); code != wanted {
		t.Fatalf("relief %s: exit %d, %d wanted\n%s%s", strings.Join(args, " "), code, wanted, out, errOut)
	}
	return out.String() + errOut.String()
}

// One directory from nothing: a first token, a grant booked over HTTP, a stop, and a second start that finds all of it.
func TestServeFromNothing(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	data := dataDir(t)
	first := startServing(t, "--data", data, "--book", "sichuan")
	token := first.out.hear(t, `\n  (rl_[A-Z0-9]{12}_[A-Z0-9]{26})\n`, nil)
	first.call(token, "POST", "/v1/funds", `{"code":"GIFT","name":"社会捐赠"}`, "")
	first.call(token, "POST", "/v1/parties", `{"code":"D-1","name":"捐赠人","kind":"donor"}`, "")
	const grant = `{"fund":"GIFT","kind":"gift","party":"D-1","bank":"ICBC","amount":"289.50"}`
	first.call(token, "POST", "/v1/contributions", grant, "gift-1")
	// While it serves, commands join its PostgreSQL.
	if text := say(t, succeeded, "statement", "GIFT", "--data", data); !strings.Contains(text, "289.50") {
		t.Errorf("statement: %s", text)
	}
	if code := first.stop(); code != succeeded {
		t.Fatalf("stopped with %d: %s", code, first.err)
	}

	secret := filepath.Join(t.TempDir(), "persons.key")
	second := startServing(t, "--data", data, "--demo", "--persons-db", "here", "--persons-secret", secret)
	if !strings.Contains(second.err.String(), "book sichuan holds work of its own: the demo is left out") {
		t.Errorf("the demo was booked among real work: %s", second.err)
	}
	if strings.Contains(second.out.String(), "rl_") {
		t.Errorf("the second start shows a token: %s", second.out)
	}
	if again := second.call(token, "POST", "/v1/contributions", grant, "gift-1"); !strings.Contains(again, `"replayed":true`) {
		t.Errorf("the same request after a restart: %s", again)
	}
	second.call(token, "PUT", "/v1/persons/P-1", `{"name":"王小明","keep_until":"2199-06-30","purpose":"winter parcel"}`, "")
	if who := second.call(token, "POST", "/v1/persons/P-1/looks", `{"purpose":"call back"}`, ""); !strings.Contains(who, `"name":"王小明"`) || strings.Contains(second.err.String(), "王") {
		t.Errorf("the register of persons: %s\n%s", who, second.err)
	}
	if p := second.call(token, "POST", "/v1/persons/pseudonyms", `{"number":"11010519491231002X"}`, ""); !strings.Contains(p, `"pseudonym":"P-`) {
		t.Errorf("a pseudonym of a number: %s", p)
	}
	if code := second.stop(); code != succeeded {
		t.Fatalf("stopped with %d: %s", code, second.err)
	}
	for _, c := range []struct {
		args string
		want string
	}{
		{"verify", "book sichuan is whole: 1 entries, 1 checkpoints"},
		{"agreement", "goods and accounts agree"},
		{"trial-balance --by account", "bank:ICBC"},
		{"stock", "value 0.00"},
		{"export jsonl", `"document":"CT-GIFT-`},
		{"export hledger", "289.50"},
		{"token list", "first administrator"},
		{"db url", "sslmode=disable"},
	} {
		if text := say(t, succeeded, append(strings.Fields(c.args), "--data", data)...); !strings.Contains(text, c.want) {
			t.Errorf("relief %s lacks %s: %s", c.args, c.want, text)
		}
	}
}

func TestPortInUse(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	address := listener.Addr().String()
	text := say(t, failed, "serve", "--listen", address, "--data", filepath.Join(t.TempDir(), "data"))
	want := "relief: " + address + " is in use\nhint: another relief may serve there already; --listen 127.0.0.1:8081 serves beside it\n"
	if text != want {
		t.Errorf("%s", text)
	}
}

// A database that lost what a checkpoint vouches for is not written to.
func TestServeRefusesAShorterDatabase(t *testing.T) {
	data := t.TempDir()
	first := startServing(t, "--data", data, "--db", pgtest.Empty(t))
	token := first.out.hear(t, `\n  (rl_\S+)\n`, nil)
	first.call(token, "POST", "/v1/funds", `{"code":"GIFT","name":"社会捐赠"}`, "")
	first.call(token, "POST", "/v1/parties", `{"code":"D-1","name":"捐赠人","kind":"donor"}`, "")
	first.call(token, "POST", "/v1/contributions", `{"fund":"GIFT","kind":"gift","party":"D-1","bank":"ICBC","amount":"1.00"}`, "k")
	if code := first.stop(); code != succeeded {
		t.Fatalf("stopped with %d: %s", code, first.err)
	}
	text := say(t, failed, "serve", "--listen", "127.0.0.1:0", "--data", data, "--db", pgtest.Empty(t))
	if !strings.Contains(text, "book main holds 0 entries, but a checkpoint of 1 was signed") {
		t.Errorf("%s", text)
	}
}

// A server signs in with the rights of the application alone: the owner is for migrating.
func TestServeNeedsNoOwner(t *testing.T) {
	owner := pgtest.DSN(t)
	db, err := pg.Open(owner, pg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	login := "relief_server_" + strings.ToLower(rand.Text())
	change := func(statement string) {
		if err := pg.Transact(context.Background(), db, func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.ExecContext(ctx, statement)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	change("CREATE ROLE " + login + " LOGIN IN ROLE relief_app")
	defer change("DROP ROLE " + login)
	dsn, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	dsn.User = url.User(login)
	s := startServing(t, "--data", t.TempDir(), "--db", dsn.String())
	token := s.out.hear(t, `\n  (rl_\S+)\n`, nil)
	s.call(token, "POST", "/v1/funds", `{"code":"GIFT","name":"社会捐赠"}`, "")
	if strings.Contains(s.out.String(), "psql") {
		t.Errorf("a connection string of a database elsewhere is shown: %s", s.out)
	}
	if code := s.stop(); code != succeeded {
		t.Fatalf("stopped with %d: %s", code, s.err)
	}
}
