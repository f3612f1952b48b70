package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"reliefledger/api"
	"reliefledger/internal/pg"
	"reliefledger/person"
)

// here is the persons-db that is the database of the book itself, under the register's own role.
const here = "here"

// eraseEvery is how often persons are erased whose time to be kept is over.
const eraseEvery = time.Hour

// keepPersons opens the register of persons, where one is wanted, on a pool of its own. What it answers closes it.
func (r *running) keepPersons(ctx context.Context, o serving, log *slog.Logger) (*api.Persons, func(), error) {
	if o.persons == "" {
		return nil, func() {}, nil
	}
	dsn := o.persons
	if dsn == here {
		dsn = r.dsn
	}
	db, err := pg.Open(dsn, pg.Options{Role: person.Role, Application: "relief persons", MaxOpen: 4})
	if err != nil {
		return nil, nil, err
	}
	kept := &api.Persons{Register: person.Open(db, r.book.ID, r.book.Zone, time.Now)}
	if _, err = kept.Register.Looks(ctx, "", 0, 1); err != nil {
		err = hinted{fmt.Errorf("register of persons: %w", err), "persons-db names a login that is a member of " + person.Role + "; docs/operate.md shows how to make one"}
	} else if o.secret != "" {
		var secret person.Secret
		if secret, err = person.OpenSecret(o.secret); err == nil {
			kept.Secret = &secret
		}
	}
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	erasing, end := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		erase(erasing, kept.Register, log)
	}()
	return kept, func() {
		end()
		<-ended
		_ = db.Close()
	}, nil
}

// erase erases who is due, at once and then every hour. What fails is tried again the next time.
func erase(ctx context.Context, of *person.Register, log *slog.Logger) {
	ticker := time.NewTicker(eraseEvery)
	defer ticker.Stop()
	for {
		erased, err := of.EraseDue(ctx, person.By{Actor: "server", Purpose: "the time to be kept is over"})
		if len(erased) > 0 {
			log.Info("persons erased", "count", len(erased))
		}
		if err != nil && ctx.Err() == nil {
			log.Error("persons", "cause", err.Error())
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
