// Faults breaks what a served book stands on, with real processes, and proves that the book kept its word: the server and
// PostgreSQL are killed and frozen, the network swallows, the disk fills, a standby takes over. All of it runs in a temporary
// directory that is removed afterwards. It needs Linux: processes are found in /proc.
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
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(1)
	}
}

var errBroken = errors.New("not every expectation was met")

func run(ctx context.Context) error {
	relief := flag.String("relief", "bin/relief", "the program to break")
	only := flag.String("only", "", "only the faults whose name matches this expression")
	dir := flag.String("dir", os.TempDir(), "make the temporary directory here")
	keep := flag.Bool("keep", false, "keep the temporary directory when an expectation was not met")
	write := flag.String("write", "", "put the table between the markers of this file, such as docs/faults.md")
	flag.Parse()
	wanted, err := regexp.Compile("(?i)" + *only)
	if err != nil {
		return err
	}
	program, err := filepath.Abs(*relief)
	if err != nil {
		return err
	}

	l, err := newLaboratory(ctx, *dir, program)
	if err != nil {
		return err
	}
	table := l.tryAll(ctx, wanted)
	if table.broken() && *keep {
		fmt.Fprintln(os.Stderr, "kept", l.scratch)
	} else {
		err = os.RemoveAll(l.scratch)
	}
	fmt.Println(table.markdown())
	if table.broken() {
		err = errors.Join(errBroken, err)
	}
	if *write != "" {
		err = errors.Join(err, putBetweenMarkers(*write, table.markdown()))
	}
	return err
}

// tryAll runs the faults one after the other. The first row is a run without any, which the others are compared with.
func (l *laboratory) tryAll(ctx context.Context, wanted *regexp.Regexp) table {
	t := table{begun: time.Now()}
	for i, f := range faults {
		if ctx.Err() != nil || i > 0 && !wanted.MatchString(f.name) {
			continue
		}
		row := l.try(ctx, f)
		fmt.Fprintln(os.Stderr, row)
		t.rows = append(t.rows, row)
	}
	t.took = time.Since(t.begun)
	return t
}
