package pg_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/faultpg"
	"reliefledger/internal/pg"
)

func pipe(t *testing.T, db *bun.DB) *pg.Pipe {
	t.Helper()
	p := opened(t, db)
	t.Cleanup(p.Close)
	return p
}

// opened is a pipe that the test closes itself.
func opened(t *testing.T, db *bun.DB) *pg.Pipe {
	t.Helper()
	conn, err := db.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	p, err := pg.OpenPipe(t.Context(), conn, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// say sends SQL without parameters.
func say(p *pg.Pipe, sql ...string) <-chan error {
	var all []pg.Statement
	for i, text := range sql {
		all = append(all, pg.Statement{Name: fmt.Sprint("s", i), Text: text})
	}
	return p.Send(all)
}

func TestPipeIsAllOrNothing(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	p := pipe(t, db)
	if err := <-say(p, insert, "INSERT INTO marks VALUES (2)"); err != nil {
		t.Fatal(err)
	}
	err := <-say(p, "INSERT INTO marks VALUES (3)", "SELECT 1 / count(*) FROM marks WHERE n < 0")
	if pg.Code(err) != "22012" || errors.Is(err, pg.ErrOutcomeUnknown) {
		t.Errorf("says %v", err)
	}
	// A constraint that is checked at the end of the implicit transaction undoes all of it as well.
	err = <-say(p, "INSERT INTO marks VALUES (4)", insert)
	if pg.Violated(err) != "marks_pkey" {
		t.Errorf("says %v", err)
	}
	if err := <-say(p, "INSERT INTO marks VALUES (5)"); err != nil {
		t.Errorf("the connection did not survive a refusal: %v", err)
	}
	if n := count(t, db); n != 3 {
		t.Errorf("%d rows, 3 wanted", n)
	}
}

// TestPipeDoesNotWait: what is sent before the answer to the last message is carried out behind it, each as a transaction of its own.
func TestPipeDoesNotWait(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	p := pipe(t, db)
	long := strings.Repeat("-- more than a network holds\n", 100_000)
	answers := []<-chan error{
		say(p, "SELECT pg_sleep(0.1)", insert),
		say(p, "INSERT INTO marks SELECT count(*) + 100 FROM marks "+long),
		say(p, "INSERT INTO marks VALUES (7)", "SELECT 1 / count(*) FROM marks WHERE n < 0"),
		say(p, "INSERT INTO marks SELECT count(*) + 200 FROM marks"),
	}
	select {
	case err := <-answers[0]:
		t.Fatalf("Send waited for the answer: %v", err)
	default:
	}
	for i, want := range []string{"", "", "22012", ""} {
		if err := <-answers[i]; pg.Code(err) != want || (err == nil) != (want == "") {
			t.Errorf("message %d: %v", i+1, err)
		}
	}
	var all string
	if err := db.NewRaw("SELECT string_agg(n::text, ' ' ORDER BY n) FROM marks").Scan(t.Context(), &all); err != nil || all != "1 101 202" {
		t.Errorf("the table holds %s, %v", all, err)
	}
}

func TestPipeLostAnswerIsUnknownAndNotRepeated(t *testing.T) {
	p := faultpg.New(t, withMarks(t))
	db := marks(t, p.DSN, pg.Options{})
	line := pipe(t, db)
	p.Plan(faultpg.Break{Text: "INSERT", How: faultpg.Answer})
	// Without its key the table would take the row twice.
	first, behind := say(line, "ALTER TABLE marks DROP CONSTRAINT marks_pkey", insert), say(line, insert)
	for _, answer := range []<-chan error{first, behind, say(line, insert)} {
		if err := <-answer; !errors.Is(err, pg.ErrOutcomeUnknown) {
			t.Errorf("says %v", err)
		}
	}
	if n := count(t, db); n < 1 || n > 3 {
		t.Errorf("%d rows: the first is in, the other two may be, and nothing twice", n)
	}
}

// TestPipeLosesTheSecondAnswer: what was told before the connection broke stays true.
func TestPipeLosesTheSecondAnswer(t *testing.T) {
	p := faultpg.New(t, withMarks(t))
	db := marks(t, p.DSN, pg.Options{})
	line := pipe(t, db)
	p.Plan(faultpg.Break{Text: "VALUES (2)", How: faultpg.Answer})
	first, second := say(line, "SELECT pg_sleep(0.05)", "INSERT INTO marks VALUES (1)"), say(line, "INSERT INTO marks VALUES (2)")
	if err := <-first; err != nil {
		t.Errorf("the first says %v", err)
	}
	if err := <-second; !errors.Is(err, pg.ErrOutcomeUnknown) {
		t.Errorf("the second says %v", err)
	}
	if n := count(t, db); n != 2 {
		t.Errorf("%d rows: the server had done with both", n)
	}
}

func TestPipeWarningIsUnknown(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	p := pipe(t, db)
	if err := <-say(p, insert, "DO $$ BEGIN RAISE WARNING 'hm'; END $$"); !errors.Is(err, pg.ErrOutcomeUnknown) {
		t.Errorf("says %v", err)
	}
	if err := <-say(p, "SELECT 1"); !errors.Is(err, pg.ErrOutcomeUnknown) {
		t.Errorf("the connection is still in use: %v", err)
	}
}

// TestPipeWaitsAsLongAsItsDeadline: an idle pipe waits for nothing, a message that is not answered for as long as agreed.
func TestPipeWaitsAsLongAsItsDeadline(t *testing.T) {
	p := faultpg.New(t, withMarks(t))
	db := marks(t, p.DSN, pg.Options{Deadline: 200 * time.Millisecond})
	line := pipe(t, db)
	<-time.After(300 * time.Millisecond)
	if err := <-say(line, insert); err != nil {
		t.Fatalf("an idle pipe: %v", err)
	}
	p.BlackHole(true)
	begun := time.Now()
	if err := <-say(line, insert); !errors.Is(err, pg.ErrOutcomeUnknown) || time.Since(begun) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(begun))
	}
}

// TestPipeClosed: whoever still waits is told that nobody knows, and Close returns.
func TestPipeClosed(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	p := opened(t, db)
	waiting := say(p, "SELECT pg_sleep(60)")
	p.Close()
	if err := <-waiting; !errors.Is(err, pg.ErrOutcomeUnknown) {
		t.Errorf("says %v", err)
	}
}

// TestPipeLeadsWhereThePoolDoes: the settings, the role and the errors are those of the pool.
func TestPipeLeadsWhereThePoolDoes(t *testing.T) {
	dsn := withMarks(t)
	db := marks(t, dsn, pg.Options{Application: "beside", StatementTimeout: 1234 * time.Millisecond})
	p := pipe(t, db)
	err := <-say(p, `DO $$ BEGIN
		RAISE EXCEPTION '% % % % %', current_setting('application_name'), current_setting('statement_timeout'), current_setting('TimeZone'),
			current_setting('client_encoding'), current_database(); END $$`)
	var name string
	if err := db.NewRaw("SELECT current_database()").Scan(t.Context(), &name); err != nil {
		t.Fatal(err)
	}
	if want := "pq: beside 1234ms UTC UTF8 " + name; err == nil || !strings.HasPrefix(err.Error(), want) || pg.Code(err) != "P0001" {
		t.Errorf("says %v, want %s", err, want)
	}
	if err := <-say(p, "SELECT pg_sleep(2)"); pg.Code(err) != "57014" {
		t.Errorf("a statement that takes too long: %v", err)
	}
}

func TestPipeCannotBeOpened(t *testing.T) {
	p := faultpg.New(t, withMarks(t))
	db := marks(t, p.DSN+"&connect_timeout=1", pg.Options{Deadline: 200 * time.Millisecond})
	conn, err := db.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	p.BlackHole(true)
	if _, err = pg.OpenPipe(t.Context(), conn, nil); !pg.IsTransient(err) {
		t.Errorf("nobody answers: %v", err)
	}
	p.Close()
	if _, err = pg.OpenPipe(t.Context(), conn, nil); !pg.IsTransient(err) || !strings.Contains(err.Error(), "refused") {
		t.Errorf("nobody listens: %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err = pg.OpenPipe(ended, conn, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("the caller has left: %v", err)
	}
}

func TestPipeIsRefused(t *testing.T) {
	db := marks(t, withMarks(t), pg.Options{})
	conn, err := db.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err = pg.OpenPipe(t.Context(), conn, map[string]string{"plan_cache_mode": "dream"}); pg.Code(err) != "22023" {
		t.Errorf("says %v", err)
	}
}
