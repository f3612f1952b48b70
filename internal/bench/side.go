package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
)

// side is one of several things that are measured against each other in the same rounds.
type side struct {
	name string
	// server is the process that serves the operations, 0 when this one does and there is no load beside it.
	server int
	// prepare, when there is one, runs before every measurement and is not measured.
	prepare func(context.Context) error
	// whole says that run does one thing from beginning to end, whatever the time: it is not warmed up by doing a part of it.
	whole bool
	// run does operations for about that long, and says how many in which time.
	run func(context.Context, time.Duration) (int64, time.Duration, error)
}

// Figures are the medians of a side over all rounds.
type figures struct {
	Name      string  `json:"name"`
	PerSecond float64 `json:"per_second"`
	// CPU time for one operation, in microseconds, by process.
	Server     float64 `json:"server_cpu_us"`
	PostgreSQL float64 `json:"postgresql_cpu_us"`
	Load       float64 `json:"load_cpu_us"`
	// Rounds are the operations per second of each round, in order.
	Rounds []float64 `json:"rounds_per_second"`
}

type sample struct{ perSecond, server, database, load float64 }

// interleave measures every side once in every round.
func (b *bench) interleave(ctx context.Context, sides ...side) ([]figures, error) {
	return b.inRounds(ctx, b.rounds, sides)
}

// inRounds is interleave for so many rounds.
func (b *bench) inRounds(ctx context.Context, n int, sides []side) ([]figures, error) {
	samples := make([][]sample, len(sides))
	for round := range n {
		taken, err := b.round(ctx, sides, b.span, round == 0)
		if err != nil {
			return nil, err
		}
		var said []string
		for i, s := range taken {
			samples[i] = append(samples[i], s)
			said = append(said, fmt.Sprintf("%s %.0f", sides[i].name, s.perSecond))
		}
		b.say("  round %d of %d, per second: %s", round+1, n, strings.Join(said, ", "))
	}
	return medians(sides, samples), nil
}

// round measures every side once.
func (b *bench) round(ctx context.Context, sides []side, span time.Duration, profiled bool) ([]sample, error) {
	taken := make([]sample, len(sides))
	for i, s := range sides {
		err := b.ready(ctx, s, span)
		if err == nil {
			taken[i], err = b.sample(ctx, s, span, profiled)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return taken, nil
}

// ready brings a side to where it is measured. After a checkpoint PostgreSQL writes every page whole once, which a server pays for once in five
// minutes and not in every span: a side goes on for a while before it counts, unless it does one thing whole.
func (b *bench) ready(ctx context.Context, s side, span time.Duration) error {
	if s.prepare != nil {
		if err := s.prepare(ctx); err != nil {
			return err
		}
	}
	if err := b.settle(ctx); err != nil || s.whole {
		return err
	}
	_, _, err := s.run(ctx, span/4)
	return err
}

func medians(sides []side, samples [][]sample) []figures {
	medians := make([]figures, len(sides))
	for i, s := range sides {
		of := func(pick func(sample) float64) float64 { return median(samples[i], pick) }
		medians[i] = figures{
			s.name, of(func(s sample) float64 { return s.perSecond }), of(func(s sample) float64 { return s.server }),
			of(func(s sample) float64 { return s.database }), of(func(s sample) float64 { return s.load }), make([]float64, len(samples[i])),
		}
		for n, taken := range samples[i] {
			medians[i].Rounds[n] = taken.perSecond
		}
	}
	return medians
}

func (b *bench) sample(ctx context.Context, s side, span time.Duration, profiled bool) (sample, error) {
	if b.profile != "" && profiled && s.server == 0 {
		stop, err := b.startProfile(s.name)
		if err != nil {
			return sample{}, err
		}
		defer stop()
	}
	before := b.spent(s)
	ops, took, err := s.run(ctx, span)
	if err != nil {
		return sample{}, err
	}
	if ops == 0 {
		return sample{}, fmt.Errorf("nothing was done in %s", took)
	}
	after := b.spent(s)
	perOp := func(i int) float64 { return float64((after[i] - before[i]).Microseconds()) / float64(ops) }
	taken := sample{perSecond: float64(ops) / took.Seconds(), server: perOp(1), database: perOp(2), load: perOp(0)}
	if s.server == 0 { // this process is the server, and there is no load beside it
		taken.server, taken.load = taken.load, 0
	}
	return taken, nil
}

// spent is the CPU time so far of this process, of the one that serves a side, and of PostgreSQL.
func (b *bench) spent(s side) [3]time.Duration {
	return [3]time.Duration{ownCPU(os.Getpid()), ownCPU(s.server), cpuOf(b.postmaster)}
}

func (b *bench) startProfile(name string) (stop func(), err error) {
	f, err := os.Create(b.profile + strings.ReplaceAll(name, " ", "-") + ".pprof")
	if err != nil {
		return nil, err
	}
	err = pprof.StartCPUProfile(f)
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}, err
}

func median[T any](all []T, pick func(T) float64) float64 {
	values := make([]float64, len(all))
	for i, v := range all {
		values[i] = pick(v)
	}
	slices.SortFunc(values, cmp.Compare[float64])
	middle := len(values) / 2
	if len(values)%2 == 0 {
		return (values[middle-1] + values[middle]) / 2
	}
	return values[middle]
}

// percentile is the value that the given part of all does not exceed.
func percentile(all []time.Duration, part float64) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)]
}
