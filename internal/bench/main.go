// Bench measures the engine against what PostgreSQL can do on the same machine in the same minutes, and prints ratios.
// It starts a PostgreSQL of its own with full durability in a temporary directory and removes it afterwards.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// settings say what is measured and for how long.
type settings struct {
	rounds  int
	span    time.Duration // of one measurement in one round
	moves   int64         // in the long history
	only    *regexp.Regexp
	dir     string // the temporary directory is made in it
	profile string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if len(os.Args) == 4 && os.Args[1] == helping {
		err = help(ctx, os.Args[2], os.Args[3])
	} else {
		err = run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	s := settings{rounds: 5, span: 4 * time.Second, moves: 10_000_000}
	quick := flag.Bool("quick", false, "under two minutes: a history of 100,000 moves, three short rounds")
	rounds := flag.Int("rounds", 0, "rounds; each measures every side once (default 5, quick 3)")
	span := flag.Duration("span", 0, "length of one measurement (default 4s, quick 1s)")
	moves := flag.Int64("moves", 0, "moves in the long history (default 10000000, quick 100000)")
	only := flag.String("only", "", "measure only the cases whose name matches this expression")
	asJSON := flag.String("json", "", "write the results to this file, such as bench.json")
	write := flag.String("write", "", "put the table between the markers of this file, such as docs/performance.md")
	flag.StringVar(&s.dir, "dir", os.TempDir(), "make the temporary directory here; the full form needs 20 GB")
	flag.StringVar(&s.profile, "profile", "", "write CPU profiles of the in-process cases to files with this prefix")
	flag.Parse()
	if *quick {
		s = settings{rounds: 3, span: time.Second, moves: 100_000, dir: s.dir, profile: s.profile}
	}
	s.rounds, s.span, s.moves = orElse(*rounds, s.rounds), orElse(*span, s.span), orElse(*moves, s.moves)
	var err error
	if s.only, err = regexp.Compile("(?i)" + *only); err != nil {
		return err
	}

	b, err := newBench(ctx, s)
	if err != nil {
		return err
	}
	report, err := b.measure(ctx)
	if err := errors.Join(err, b.close()); err != nil {
		return err
	}
	text := report.markdown()
	fmt.Println(text)
	if *asJSON != "" {
		err = report.writeJSON(*asJSON)
	}
	if *write != "" {
		err = errors.Join(err, putBetweenMarkers(*write, text))
	}
	return err
}

// measure runs the cases one after the other. Those that need the long history come last.
func (b *bench) measure(ctx context.Context) (report, error) {
	r := report{Machine: b.machine, Rounds: b.rounds, Span: b.span.String(), Moves: b.moves, Begun: time.Now().UTC().Truncate(time.Second)}
	for _, c := range cases {
		if !b.only.MatchString(c.name) {
			continue
		}
		begun := time.Now()
		b.say("%s", c.name)
		rows, err := c.run(b, ctx)
		if err != nil {
			return r, fmt.Errorf("%s: %w", c.name, err)
		}
		for _, row := range rows {
			b.say("  %s", row)
		}
		b.say("  measured in %s", time.Since(begun).Round(time.Second))
		r.Rows = append(r.Rows, rows...)
	}
	r.Loading = b.loading
	r.Took = time.Since(r.Begun).Round(time.Second).String()
	return r, nil
}

// say tells whoever waits what is going on.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

// helping is the first argument of this program when it runs itself as another process.
const helping = "help"

// help is what this program does as another process: serving a book in one of three ways, or verifying it.
func help(ctx context.Context, as, database string) error {
	roles := map[string]func(context.Context, string) error{
		"door": serveDoor, "bare": serveBare, "rows": serveRows, "verify": verifyBook,
	}
	role, known := roles[as]
	if !known {
		return fmt.Errorf("%s serves %s, not %q", filepath.Base(os.Args[0]), strings.Join(sortedKeys(roles), ", "), as)
	}
	return role(ctx, database)
}
