package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// asked is a handout as a rival takes it: the same body, checked against the same kind of schema.
type asked struct {
	Key  string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"128"`
	Body warehouse.Handout
}

type answered struct {
	Body struct {
		Number   int64  `json:"number"`
		Document string `json:"document"`
	}
}

// serveBare serves a handler that takes handouts and stores nothing: what HTTP and JSON alone allow.
func serveBare(ctx context.Context, _ string) error {
	return serveRival(ctx, func(_ context.Context, in *asked) (*answered, error) {
		a := &answered{}
		a.Body.Number, a.Body.Document = int64(len(in.Key)), in.Body.Location
		return a, nil
	})
}

// serveLocking serves the ledger that writes one transaction for each handout.
func serveLocking(ctx context.Context, dsn string) error {
	l, err := openLocking(ctx, dsn)
	if err != nil {
		return err
	}
	defer l.db.Close()
	today := ledger.DateOf(time.Now(), l.book.Zone)
	return serveRival(ctx, func(ctx context.Context, in *asked) (*answered, error) {
		in.Body.On = today
		entry, err := l.handOut(ctx, in.Key, in.Body)
		if err != nil {
			return nil, err
		}
		a := &answered{}
		a.Body.Number, a.Body.Document = entry.Number, entry.Document
		return a, nil
	})
}

func serveRival(ctx context.Context, take func(context.Context, *asked) (*answered, error)) error {
	config := huma.DefaultConfig("rival", "1")
	config.CreateHooks = nil // they add a link to every answer, which costs time
	mux := http.NewServeMux()
	a := humago.New(mux, config)
	huma.Register(a, huma.Operation{OperationID: "hand-out", Method: http.MethodPost, Path: "/v1/handouts", DefaultStatus: http.StatusCreated}, take)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	server := &http.Server{Handler: mux}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	fmt.Printf("rival on http://%s\n", listener.Addr())
	if err := server.Serve(listener); ctx.Err() == nil {
		return err
	}
	return nil
}
