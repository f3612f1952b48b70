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
}

type sample struct{ perSecond, server, database, load float64 }

// interleave measures every side once in every round, after a short round that warms them up and is not counted.
func (b *bench) interleave(ctx context.Context, sides ...side) ([]figures, error) {
	samples := make([][]sample, len(sides))
	for round := range b.rounds + 1 {
		for i, s := range sides {
			span := b.span
			if round == 0 {
				span = min(span, time.Second)
			}
			if s.prepare != nil {
				if err := s.prepare(ctx); err != nil {
					return nil, fmt.Errorf("%s: %w", s.name, err)
				}
			}
			if err := b.settle(ctx); err != nil {
				return nil, err
			}
			taken, err := b.sample(ctx, s, span, round == 1)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
			if round > 0 {
				samples[i] = append(samples[i], taken)
			}
		}
	}
	medians := make([]figures, len(sides))
	for i, s := range sides {
		of := func(pick func(sample) float64) float64 { return median(samples[i], pick) }
		medians[i] = figures{
			s.name, of(func(s sample) float64 { return s.perSecond }), of(func(s sample) float64 { return s.server }),
			of(func(s sample) float64 { return s.database }), of(func(s sample) float64 { return s.load }),
		}
	}
	return medians, nil
}

func (b *bench) sample(ctx context.Context, s side, span time.Duration, profiled bool) (sample, error) {
	if b.profile != "" && profiled && s.server == 0 {
		stop, err := b.startProfile(s.name)
		if err != nil {
			return sample{}, err
		}
		defer stop()
	}
	own, server, database := ownCPU(os.Getpid()), ownCPU(s.server), cpuOf(b.postmaster)
	ops, took, err := s.run(ctx, span)
	if err != nil {
		return sample{}, err
	}
	if ops == 0 {
		return sample{}, fmt.Errorf("nothing was done in %s", took)
	}
	perOp := func(before, after time.Duration) float64 { return float64((after - before).Microseconds()) / float64(ops) }
	taken := sample{perSecond: float64(ops) / took.Seconds(), database: perOp(database, cpuOf(b.postmaster))}
	if mine := perOp(own, ownCPU(os.Getpid())); s.server == 0 {
		taken.server = mine
	} else {
		taken.server, taken.load = perOp(server, ownCPU(s.server)), mine
	}
	return taken, nil
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
