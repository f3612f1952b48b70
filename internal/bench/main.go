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
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

// settings say what is measured and for how long.
type settings struct {
	program string // relief
	rounds  int
	span    time.Duration // of one measurement in one round
	moves   int64         // in the long history
	only    *regexp.Regexp
	dir     string // the temporary directory is made in it
	keep    string // or, for the long history, this one is used, and stays
	profile string
}

// output says where the results go beside the terminal.
type output struct{ json, markdown string }

func main() {
	// As relief does, for the book and for its rivals.
	debug.SetGCPercent(200)
	debug.SetMemoryLimit(256 << 20)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if len(os.Args) == 4 && os.Args[1] == helping {
		err = help(ctx, os.Args[2], os.Args[3])
	} else {
		err = run(ctx, os.Args[1:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	s, o, err := parse(args)
	if err != nil {
		return err
	}
	r := results{Rounds: s.rounds, Span: s.span.String(), Moves: s.moves, Begun: time.Now().UTC().Truncate(time.Second)}
	brief := s
	brief.keep = "" // only the history is kept
	if err := measure(ctx, brief, among(cases, s.only), &r); err != nil {
		return err
	}
	if err := measure(ctx, s, among(longCases, s.only), &r); err != nil {
		return err
	}
	r.Took = time.Since(r.Begun).Round(time.Second).String()
	fmt.Println(r.markdown())
	if o.json != "" {
		err = r.writeJSON(o.json)
	}
	if o.markdown != "" {
		err = errors.Join(err, putBetweenMarkers(o.markdown, r.markdown()))
	}
	return err
}

// parse reads the flags.
func parse(args []string) (s settings, o output, err error) {
	f := flag.NewFlagSet("bench", flag.ExitOnError)
	f.StringVar(&s.program, "relief", "bin/relief", "the program to measure")
	quick := f.Bool("quick", false, "about two minutes: a history of 100,000 moves, two short rounds; its ratios only show that it works")
	f.IntVar(&s.rounds, "rounds", 0, "rounds; each measures every side once (default 5, quick 2)")
	f.DurationVar(&s.span, "span", 0, "length of one measurement (default 4s, quick 500ms)")
	f.Int64Var(&s.moves, "moves", 0, "moves in the long history (default 10000000, quick 100000)")
	only := f.String("only", "", "measure only the cases whose name matches this expression")
	f.StringVar(&o.json, "json", "", "write the results to this file, such as bench.json")
	f.StringVar(&o.markdown, "markdown", "", "put the table between the markers of this file, such as docs/performance.md")
	f.StringVar(&s.dir, "dir", os.TempDir(), "make the temporary directory here; the full form needs 25 GB")
	f.StringVar(&s.keep, "keep", "", "keep the long history in this directory, where the next run finds it")
	f.StringVar(&s.profile, "profile", "", "write CPU profiles of the in-process cases to files with this prefix")
	if err := f.Parse(args); err != nil {
		return s, o, err
	}
	usual := settings{rounds: 5, span: 4 * time.Second, moves: 10_000_000}
	if *quick {
		usual = settings{rounds: 2, span: 500 * time.Millisecond, moves: 100_000}
	}
	s.rounds, s.span, s.moves = orElse(s.rounds, usual.rounds), orElse(s.span, usual.span), orElse(s.moves, usual.moves)
	if s.program, err = filepath.Abs(s.program); err != nil {
		return s, o, err
	}
	s.only, err = regexp.Compile("(?i)" + *only)
	return s, o, err
}

// measure runs cases one after the other in a PostgreSQL of their own, and adds their rows to the results.
func measure(ctx context.Context, s settings, cases []benchCase, r *results) (err error) {
	if len(cases) == 0 {
		return nil
	}
	b, err := newBench(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if r.Rows == nil {
		r.Machine = b.machine // with the load before all cases, not that of the first half
	}
	for _, c := range cases {
		begun := time.Now()
		b.say("%s", c.name)
		rows, err := c.run(b, ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		for _, row := range rows {
			b.say("  %s", row)
		}
		b.say("  measured in %s", time.Since(begun).Round(time.Second))
		r.Rows = append(r.Rows, rows...)
	}
	r.Loading = b.loading
	return nil
}

// say tells whoever waits what is going on.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

// helping is the first argument of this program when it runs itself as another process.
const helping = "help"

// help is what this program does as another process.
func help(ctx context.Context, as, dsn string) error {
	roles := map[string]func(context.Context, string) error{"bare": serveBare, "locking": serveLocking}
	role, known := roles[as]
	if !known {
		return fmt.Errorf("%s helps as %s, not as %q", filepath.Base(os.Args[0]), strings.Join(sortedKeys(roles), " or "), as)
	}
	return role(ctx, dsn)
}
