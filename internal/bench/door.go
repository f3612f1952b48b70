package main

import (
	"context"
	"errors"
	"time"
)

const (
	connected = 64 // connections that post one by one
	wholesale = 4  // connections that post in bulk; a server takes no more large requests at once
)

// postOverHTTP compares the program with a handler that stores nothing, and with one that writes a transaction for each request.
func (b *bench) postOverHTTP(ctx context.Context) (rows []row, err error) {
	var dsns []string
	for range 2 {
		dsn, err := b.clone(ctx)
		if err != nil {
			return nil, err
		}
		dsns = append(dsns, dsn)
	}
	served, err := b.serve(ctx, dsns[0])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, served.stop()) }()
	bare, err := b.help(ctx, "bare", "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bare.stop()) }()
	locked, err := b.help(ctx, "locking", dsns[1])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, locked.stop()) }()
	for _, s := range []*serving{served, locked} {
		if err := b.warm(ctx, s); err != nil {
			return nil, err
		}
	}
	found, err := b.interleave(ctx, b.calling("relief serve", served), b.calling("stores nothing", bare), b.calling("row locks", locked))
	if err != nil {
		return nil, err
	}
	const name = "HTTP, a handout a request, 64 connections"
	return []row{
		ratio(name, "a huma handler that stores nothing", 0.25, found[0], found[1]),
		ratio(name, "a transaction for each, row locks", 20, found[0], found[2]),
		atMost("memory of relief serve, 64 connections posting", float64(peakMemory(served.pid()))/(1<<20), 150, "MB"),
	}, mustVerify(ctx, dsns...)
}

// warm lets a server hand out once at every point, as one that runs for a while has.
func (b *bench) warm(ctx context.Context, s *serving) error {
	next := -1
	one, err := gather(s.address, 1, b.tokens)
	defer one.close()
	post := one.post(func() int { next++; return next })
	for err == nil && next < points-1 {
		_, err = post(ctx, 0)
	}
	return err
}

// calling is a side that posts one by one from many connections.
func (b *bench) calling(name string, to *serving) side {
	return side{name: name, server: to.pid(), run: func(ctx context.Context, span time.Duration) (int64, time.Duration, error) {
		crowd, err := gather(to.address, connected, b.tokens)
		defer crowd.close()
		if err != nil {
			return 0, 0, err
		}
		return callers(ctx, connected, span, crowd.post(halfHot))
	}}
}

// postInBulk compares large requests with the same proposals in process.
func (b *bench) postInBulk(ctx context.Context) (rows []row, err error) {
	of, err := b.fresh(ctx)
	if err != nil {
		return nil, err
	}
	defer of.close()
	single, err := b.fresh(ctx)
	if err != nil {
		return nil, err
	}
	defer single.close()
	dsn, err := b.clone(ctx)
	if err != nil {
		return nil, err
	}
	served, err := b.serve(ctx, dsn)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, served.stop()) }()
	found, err := b.interleave(ctx, b.callingInBulk(served), b.postingInBulk(of), posting("in process, one by one", many, single, halfHot, 0))
	if err != nil {
		return nil, err
	}
	const name = "HTTP in bulk, 1,000 handouts a request"
	return []row{
		ratio(name, "in process, by the thousand", 0.7, found[0], found[1]),
		ratio(name, "in process, 256 callers", 0.7, found[0], found[2]),
	}, mustVerify(ctx, of.dsn, single.dsn, dsn)
}

func (b *bench) callingInBulk(to *serving) side {
	return side{name: "relief serve", server: to.pid(), run: func(ctx context.Context, span time.Duration) (int64, time.Duration, error) {
		crowd, err := gather(to.address, wholesale, b.tokens)
		defer crowd.close()
		if err != nil {
			return 0, 0, err
		}
		return callers(ctx, wholesale, span, crowd.postBulk(halfHot))
	}}
}

func (b *bench) postingInBulk(of *book) side {
	return side{name: "in process, by the thousand", run: func(ctx context.Context, span time.Duration) (int64, time.Duration, error) {
		return callers(ctx, wholesale, span, func(ctx context.Context, _ int) (int64, error) {
			return of.handOutMany(ctx, bulk, halfHot, of.Today())
		})
	}}
}
