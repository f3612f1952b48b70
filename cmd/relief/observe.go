package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"reliefledger/api"
	"reliefledger/auth"
	"reliefledger/internal/pg"
)

// door is the API of a running book with everybody who watches it.
func (r *running) door(log *slog.Logger) *api.Door {
	keyring := auth.NewKeyring(r.db, r.book.ID, time.Now)
	keyring.Audit = r.audit
	door := &api.Door{
		Book: r.book, Keeper: r.keeper, Officer: r.officer, Desk: r.desk, Keyring: keyring,
		Log: log, Audit: r.audit, Observe: r.meter.Request, Metrics: r.meter.Handler(), Standing: r.standing,
	}
	if r.tracer != nil {
		door.Trace = r.trace
	}
	return door
}

// standing says why the log cannot be sealed: the database became smaller, or sealing itself has stopped.
func (r *running) standing() error {
	sealed, triedAt, err := r.sealer.Standing()
	if err == nil && time.Since(triedAt) > 6*sealEvery {
		return fmt.Errorf("nothing was sealed since %s, when the checkpoint covered %d entries", triedAt.UTC().Format(time.RFC3339), sealed.Size)
	}
	return err
}

// showMetrics serves the metrics on an address of their own, until what it answers is called.
func showMetrics(ctx context.Context, address string, metrics http.Handler) (end func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	listener, err := listen(ctx, address)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("metrics", "error", err)
		}
	}()
	return func() { _ = server.Close() }, nil
}

// warn tells of settings of the database under which an answer that was given can be lost. They are no reason to stay away: some
// file systems keep the promise by themselves, and a test server has none to keep.
func (r *running) warn(ctx context.Context, log *slog.Logger) error {
	risks, err := pg.Risks(ctx, r.db)
	for _, risk := range risks {
		log.Warn("the database may lose what it has acknowledged", "setting", risk)
	}
	return err
}
