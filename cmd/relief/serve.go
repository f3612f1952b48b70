package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/shopspring/decimal"
	"github.com/spf13/cobra"
)

// patience is how long requests that are under way may still take when the server stops.
const patience = 20 * time.Second

type serving struct {
	founding
	listen      string
	cert, key   string // files
	behindProxy bool
	metrics     string // address
	persons     string // connection string of the register of persons, or here; "" for none
	secret      string // file that pseudonyms of resident numbers are made with; "" for random ones
	demo        bool
	seed        uint64
}

func (s *settings) serve() *cobra.Command {
	var o serving
	c := &cobra.Command{
		Use: "serve", Short: "Serve the book over HTTP", Args: cobra.NoArgs,
		Long: `Serves the book over HTTP until it is interrupted; then it finishes what is queued, seals the log and stops its PostgreSQL.

The first start makes the book and prints an administrator's token, this once; relief token create makes more.`,
		Example: `  relief serve --demo                                the winter campaign, with tokens and curl lines to try
  relief serve --book red-cross --name "Red Cross"   a book of your own
  relief serve --listen :8443 --tls-cert relief.pem --tls-key relief.key
  RELIEF_CONFIG=/etc/relief/relief.conf relief serve   what relief config explains`,
		RunE: func(c *cobra.Command, _ []string) error { return s.serveBook(c.Context(), o) },
	}
	c.Flags().BoolVar(&o.demo, "demo", false, "book the winter campaign first, when it is not there or not complete")
	c.Flags().Uint64Var(&o.seed, "seed", 1, "seed of the demo")
	o.servingFlags(c)
	return c
}

func (f *founding) foundingFlags(c *cobra.Command) {
	c.Flags().StringVar(&f.name, "name", "Relief Ledger", "name of the book, when this start makes it")
	c.Flags().StringVar(&f.zone, "zone", "Asia/Shanghai", "time zone of the book, when this start makes it")
	c.Flags().StringVar(&f.currency, "currency", "CNY", "currency of the book, when this start makes it")
	c.Flags().IntVar(&f.decimals, "decimals", 2, "decimals of the currency, when this start makes it")
	f.short = limit{decimal.NewNullDecimal(decimal.NewFromInt(1000))}
	c.Flags().Var(&f.short, "short-limit", "most that one person alone may give up of a waybill, in the book's currency; 0 always takes two people, none sets no limit")
}

func (s *settings) serveBook(ctx context.Context, o serving) error {
	if err := o.secure(); err != nil {
		return err
	}
	listener, err := listen(ctx, o.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	audit, err := s.auditor(s.err)
	if err != nil {
		return err
	}
	r, err := s.run(ctx, o.founding, audit)
	if err != nil {
		return err
	}
	return errors.Join(s.serveOn(ctx, listener, r, o), r.close())
}

// listen takes the address before anything else: a minute of booking for nothing is worse than an early word.
func listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, hinted{fmt.Errorf("%s is in use", address), "another relief may serve there already; --listen 127.0.0.1:8081 serves beside it"}
	}
	return listener, err
}

func (s *settings) serveOn(ctx context.Context, listener net.Listener, r *running, o serving) error {
	if o.demo {
		var err error
		if o.demo, err = s.wantsDemo(ctx, r); err == nil && o.demo {
			err = s.bookDemo(ctx, r, o.seed)
		}
		if err != nil {
			return err
		}
	}
	log := slog.New(slog.NewJSONHandler(s.err, nil))
	if err := r.warn(ctx, log); err != nil {
		return err
	}
	door := r.door(log)
	kept, forget, err := r.keepPersons(ctx, o, log)
	if err != nil {
		return err
	}
	defer forget()
	door.Persons = kept
	endMetrics, err := showMetrics(ctx, o.metrics, door.Metrics)
	if err != nil {
		return err
	}
	defer endMetrics()
	server := door.Server(listener.Addr().String())
	if err := s.welcome(ctx, r, door.Keyring, o.scheme()+"://"+listener.Addr().String(), o.demo); err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- o.serve(server, listener) }()
	select {
	case err := <-served:
		return err
	case <-r.ended():
		_ = server.Close()
		return hinted{errors.New("the private PostgreSQL has ended"), "its log is in postgresql/server.log of the data directory"}
	case <-ctx.Done():
		log.Info("stopping", "cause", "interrupted")
		return shutDown(server)
	}
}

// shutDown stops accepting and lets the requests under way finish.
func shutDown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := server.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	} else if err != nil {
		return err
	}
	return nil
}
