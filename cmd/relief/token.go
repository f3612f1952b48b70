package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"reliefledger/auth"
)

const aday = 24 * time.Hour

func (s *settings) token() *cobra.Command {
	c := &cobra.Command{Use: "token", Short: "Make, list and revoke tokens"}
	c.AddCommand(s.createToken(), s.listTokens(), s.revokeToken())
	return c
}

func (s *settings) createToken() *cobra.Command {
	o := auth.Order{By: "console"}
	var role string
	var days int
	c := &cobra.Command{
		Use: "create", Short: "Make a token and print it, this once", Args: cobra.NoArgs,
		Example: `  relief token create --actor li-na --role keeper --name "scanner of ST-5101-01"`,
		RunE: func(c *cobra.Command, _ []string) error {
			var err error
			if o.Role, err = auth.ParseRole(role); err != nil {
				return err
			}
			o.Life = time.Duration(days) * aday
			return s.keyring(c.Context(), func(k *auth.Keyring) error {
				shown, err := k.Issue(c.Context(), o)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(s.out, shown)
				return err
			})
		},
	}
	c.Flags().StringVar(&o.Actor, "actor", "", "code of who answers for what the token does")
	c.Flags().StringVar(&role, "role", "", "keeper, coordinator, finance, auditor or administrator")
	c.Flags().StringVar(&o.Name, "name", "", "what the token is for")
	c.Flags().IntVar(&days, "days", 90, "how long it lives, at most 365")
	for _, name := range []string{"actor", "role", "name"} {
		_ = c.MarkFlagRequired(name) // fails only for a flag that is not there
	}
	return c
}

func (s *settings) listTokens() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List tokens, the newest first", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.keyring(c.Context(), func(k *auth.Keyring) error {
				t := table{head: []string{"id", "actor", "role", "made", "ends", "state", "name"}}
				for q := (auth.TokenQuery{Limit: auth.MaxPage}); ; {
					tokens, next, err := k.Tokens(c.Context(), k.Console(), q)
					if err != nil {
						return err
					}
					for _, token := range tokens {
						t.add(token.ID, token.Actor, string(token.Role), token.CreatedAt.Format(time.DateOnly), token.ExpiresAt.Format(time.DateOnly), state(token), token.Name)
					}
					if q.After = next; next.String() == "" {
						return t.write(s.out)
					}
				}
			})
		},
	}
}

func state(t auth.Token) string {
	switch {
	case !t.RevokedAt.IsZero():
		return "revoked"
	case t.ExpiresAt.Before(time.Now()):
		return "expired"
	}
	return "good"
}

func (s *settings) revokeToken() *cobra.Command {
	return &cobra.Command{
		Use: "revoke ID", Short: "End a token; servers refuse it within 30 seconds", Args: cobra.ExactArgs(1),
		Example: "  relief token revoke 4QXK2ZJ7TBD4",
		RunE: func(c *cobra.Command, args []string) error {
			return s.keyring(c.Context(), func(k *auth.Keyring) error {
				err := k.Revoke(c.Context(), k.Console(), args[0])
				if errors.Is(err, auth.ErrNoToken) {
					return hinted{fmt.Errorf("token %s: %w", args[0], err), "relief token list shows the ids"}
				}
				if errors.Is(err, auth.ErrLast) {
					return hinted{err, "relief token create makes another one first"}
				}
				return err
			})
		},
	}
}

func (s *settings) keyring(ctx context.Context, fn func(*auth.Keyring) error) error {
	audit, err := s.auditor(io.Discard)
	if err != nil {
		return err
	}
	return s.look(ctx, false, func(r *reading) error {
		k := auth.NewKeyring(r.db, r.book.ID, time.Now)
		k.Audit = audit
		return fn(k)
	})
}
