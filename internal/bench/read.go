package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/ledger"
	"reliefledger/report"
)

// question is one thing that is read, of a place or a fund drawn anew each time.
type question struct {
	name  string
	limit float64 // of its 99th percentile, in milliseconds
	ask   func(ctx context.Context, r report.Room, head int64) error
}

var questions = []question{
	{"stock of one location", 20, askStock(func(int64) report.StockQuery { return report.StockQuery{} })},
	{"fund statement of a month", 50, func(ctx context.Context, r report.Room, _ int64) error {
		today := r.Book.Today()
		_, err := r.FundStatement(ctx, fundCode(rand.IntN(4)), report.StatementQuery{From: today - 30, To: today})
		return err
	}},
	{"stock as of 100 days ago", 50, func(ctx context.Context, r report.Room, head int64) error {
		return askStock(func(int64) report.StockQuery { return report.StockQuery{AsOf: r.Book.Today() - backdated} })(ctx, r, head)
	}},
	{"stock as known at an entry", 50, askStock(func(head int64) report.StockQuery { return report.StockQuery{KnownAt: drawEntry(head)} })},
	{"fund statement as known at an entry", 50, func(ctx context.Context, r report.Room, head int64) error {
		_, err := r.FundStatement(ctx, fundCode(rand.IntN(4)), report.StatementQuery{KnownAt: drawEntry(head)})
		return err
	}},
}

// drawEntry draws an entry after all stock has come in.
func drawEntry(head int64) int64 { return 2*points + rand.Int64N(head-2*points+1) }

// askStock asks for the stock of one point, which is the hot one half of the time.
func askStock(query func(head int64) report.StockQuery) func(context.Context, report.Room, int64) error {
	return func(ctx context.Context, r report.Room, head int64) error {
		q := query(head)
		q.Under, q.By = pointCode(halfHot()), []string{"location", "lot", "fund"}
		stock, err := r.Stock(ctx, q)
		if err == nil && len(stock.Lines) == 0 {
			err = fmt.Errorf("%s has no stock", q.Under)
		}
		return err
	}
}

// readAtLength times questions to a long history, one after the other, and counts what the database reads for them.
func (b *bench) readAtLength(ctx context.Context) ([]row, error) {
	h, err := b.history(ctx)
	if err != nil {
		return nil, err
	}
	weights, err := b.weighAll(ctx, h)
	if err != nil {
		return nil, err
	}
	if err := h.readThrough(ctx); err != nil {
		return nil, err
	}
	var rows []row
	for i, q := range questions {
		p99, perSecond, err := b.timeQuestion(ctx, h.book, q)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		timed := atMost(fmt.Sprintf("%s, 99th percentile at %s moves", q.name, thousands(b.moves)), p99, q.limit, "ms", figures{Name: q.name, PerSecond: perSecond})
		rows = append(rows, timed, weights[i].row(q, b.moves))
	}
	return rows, nil
}

// readThrough reads the moves and their indexes once, so that questions find them in memory: what a server that has room for its book
// needs for one, and not what the disk of a machine that has just started needs.
func (h *history) readThrough(ctx context.Context) error {
	return h.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, text := range []string{
			"SELECT sum(quantity) FROM moves",
			"SELECT sum(quantity) FROM past_days",
			"SET LOCAL enable_seqscan = off",
			"SET LOCAL enable_bitmapscan = off",
			"SELECT count(*) FROM moves WHERE from_cell > 0",
			"SELECT count(*) FROM moves WHERE to_cell > 0",
		} {
			if _, err := tx.ExecContext(ctx, text); err != nil {
				return err
			}
		}
		return nil
	})
}

// weights are what a question reads at the whole of the history and at a tenth of it.
type weights struct{ whole, tenth weight }

func (w weights) row(q question, moves int64) row {
	r := atMost("… rows read", w.whole.rows/w.tenth.rows, 1.1, "×")
	r.Against = "at a tenth of the moves"
	r.Note = fmt.Sprintf("%s reads %.0f rows in %.0f pages at %s moves, %.0f rows in %.0f pages at a tenth", q.name, w.whole.rows, w.whole.pages, thousands(moves), w.tenth.rows, w.tenth.pages)
	return r
}

// weighAll weighs all questions while the book is closed: other connections would add what they have read before.
func (b *bench) weighAll(ctx context.Context, h *history) ([]weights, error) {
	if err := h.close(); err != nil {
		return nil, err
	}
	all := make([]weights, len(questions))
	var failed error
	for i, q := range questions {
		for _, w := range []struct {
			dsn  string
			into *weight
		}{{h.dsn, &all[i].whole}, {h.tenth, &all[i].tenth}} {
			found, err := weigh(ctx, w.dsn, q)
			*w.into, failed = found, errors.Join(failed, err)
		}
	}
	var err error
	h.book, err = openBook(ctx, h.dsn, ledger.Options{})
	return all, errors.Join(failed, err)
}

// timeQuestion asks over and over for the length of all rounds and answers with the 99th percentile in milliseconds.
func (b *bench) timeQuestion(ctx context.Context, of *book, q question) (p99, perSecond float64, err error) {
	room := report.Room{Book: of.Book}
	head, err := of.head(ctx)
	if err != nil {
		return 0, 0, err
	}
	for range 20 { // connections and caches
		if err := q.ask(ctx, room, head); err != nil {
			return 0, 0, err
		}
	}
	var times []time.Duration
	begun := time.Now()
	for len(times) < 200 || time.Since(begun) < b.span*time.Duration(b.rounds) {
		at := time.Now()
		if err := q.ask(ctx, room, head); err != nil {
			return 0, 0, err
		}
		times = append(times, time.Since(at))
	}
	return percentile(times, 0.99).Seconds() * 1000, float64(len(times)) / time.Since(begun).Seconds(), nil
}

// weight is what the database reads for one question, on average.
type weight struct{ rows, pages float64 }

// weigh asks a question many times through a pool of its own. When its connections end they have told the database what they read.
func weigh(ctx context.Context, dsn string, q question) (weight, error) {
	const times = 100
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return weight{}, err
	}
	defer db.Close()
	before, err := readSoFar(ctx, db)
	if err != nil {
		return weight{}, err
	}
	if err := askMany(ctx, dsn, q, times); err != nil {
		return weight{}, err
	}
	after, err := readSoFar(ctx, db)
	return weight{(after.rows - before.rows) / times, (after.pages - before.pages) / times}, err
}

func askMany(ctx context.Context, dsn string, q question, times int) error {
	of, err := openBook(ctx, dsn, ledger.Options{})
	if err != nil {
		return err
	}
	head, err := of.head(ctx)
	for range times {
		if err == nil {
			err = q.ask(ctx, report.Room{Book: of.Book}, head)
		}
	}
	return errors.Join(err, of.close())
}

// readSoFar waits until no book is open on the database, and sums up what all tables and indexes have been read.
func readSoFar(ctx context.Context, db *sql.DB) (w weight, err error) {
	others := 1
	for others > 0 && err == nil {
		err = db.QueryRowContext(ctx, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = $1", application).Scan(&others)
	}
	if err != nil {
		return w, err
	}
	err = db.QueryRowContext(ctx, `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)),
		sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0))
		FROM pg_stat_user_tables JOIN pg_statio_user_tables USING (relid)`).Scan(&w.rows, &w.pages)
	return w, err
}
