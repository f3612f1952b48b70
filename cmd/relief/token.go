package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reliefledger/auth"
	"reliefledger/openapi/client"
)

const aday = 24 * time.Hour

func (s *settings) token() *cobra.Command {
	c := &cobra.Command{
		Use: "token", Short: "Make, list and revoke tokens",
		Long: `Keeps tokens: through the server of the profile as an administrator, or, with --db or --data, at the server's console on the database itself, which is how
the first administrator comes in and how one comes back in when every token is lost.`,
	}
	c.AddCommand(s.createToken(), s.listTokens(), s.revokeToken())
	return c
}

// administer carries a command out through a server, or at the console on the database itself.
func (s *settings) administer(c *cobra.Command, there func(*client.Client) error, here func(*auth.Keyring) error) error {
	elsewhere, err := s.isRemote(c)
	if err != nil {
		return err
	}
	if !elsewhere {
		return s.keyring(c.Context(), here)
	}
	api, err := s.connect()
	if err != nil {
		return err
	}
	return there(api)
}

func (s *settings) createToken() *cobra.Command {
	var o auth.Order
	var role string
	var days int
	var asJSON bool
	c := &cobra.Command{
		Use: "create", Short: "Make or rotate a token and print it, this once", Args: cobra.NoArgs,
		Long: `Makes a token and prints it; nobody can print it again. The same actor and name again rotates it: the new token and the one before are live, older ones end.
When the answer was lost, make another one and revoke the one that is named beside it.

--role gives the actor that role first, within --location and --fund; leave it out for an actor that has one.`,
		Example: `  relief token create --actor li-na --role keeper --location ST-5101-01 --name "scanner of ST-5101-01"
  relief token create --actor li-na --name "scanner of ST-5101-01"     rotate it
  relief token create --db "$DATABASE_URL" --actor chief --role administrator --name console     at the server's console`,
		RunE: func(c *cobra.Command, _ []string) error {
			if role != "" || o.Location != "" || o.Fund != "" {
				var err error
				if o.Role, err = auth.ParseRole(role); err != nil {
					return misuse{err}
				}
			}
			o.Life = time.Duration(days) * aday
			var made client.MadeToken
			err := s.administer(c, func(api *client.Client) (err error) {
				made, err = orderToken(c.Context(), api, o, days)
				return err
			}, func(k *auth.Keyring) error {
				issued, err := k.Make(c.Context(), k.Console(), o)
				made = madeToken(issued)
				return err
			})
			if err != nil {
				return err
			}
			return s.showMade(made, asJSON)
		},
	}
	c.Flags().StringVar(&o.Actor, "actor", "", "code of who answers for what the token does")
	oneOf(c, &role, "role", "role that the actor is given first", rolesAsWords()...)
	c.Flags().StringVar(&o.Location, "location", "", "root of the subtree of locations that the role is bound to")
	c.Flags().StringVar(&o.Fund, "fund", "", "fund that the role is bound to")
	c.Flags().StringVar(&o.Name, "name", "", "what the token is for")
	c.Flags().IntVar(&days, "days", 90, "how long it lives, at most 365")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	need(c, "actor", "name")
	return c
}

func rolesAsWords() []string {
	words := make([]string, len(auth.Roles))
	for i, r := range auth.Roles {
		words[i] = string(r)
	}
	return words
}

// orderToken gives the actor its role, which can be repeated, and then orders the token.
func orderToken(ctx context.Context, api *client.Client, o auth.Order, days int) (client.MadeToken, error) {
	if o.Role != "" {
		if _, err := read[client.Grant](api.GiveGrant(ctx, client.GrantOrder{
			Actor: o.Actor, Role: client.GrantOrderRole(o.Role), Location: given(o.Location), Fund: given(o.Fund),
		})); err != nil {
			return client.MadeToken{}, err
		}
	}
	life := int64(days)
	return read[client.MadeToken](api.MakeToken(ctx, client.TokenOrder{Actor: o.Actor, Name: o.Name, Days: &life}))
}

// madeToken is what the console made, as the API answers.
func madeToken(i auth.Issued) client.MadeToken {
	made := client.MadeToken{
		Id: i.ID, Prefix: i.Prefix(), Actor: i.Actor, Name: i.Name, CreatedAt: i.CreatedAt.UTC(), CreatedBy: i.CreatedBy, ExpiresAt: i.ExpiresAt.UTC(), Token: i.Shown,
	}
	if len(i.Beside) > 0 {
		made.Beside = &i.Beside
	}
	return made
}

// showMade prints the token alone on the output, so that a script can keep it.
func (s *settings) showMade(made client.MadeToken, asJSON bool) error {
	if asJSON {
		return printJSON(s.out, made)
	}
	if made.Beside != nil {
		fmt.Fprintf(s.err, "%s: %s\n", s.say("other live tokens of that name; relief token revoke ends one"), strings.Join(*made.Beside, " "))
	}
	_, err := fmt.Fprintln(s.out, made.Token)
	return err
}

func (s *settings) listTokens() *cobra.Command {
	var actor, state string
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List tokens, the newest first", Args: cobra.NoArgs,
		Example: "  relief token list --actor li-na --state live",
		RunE: func(c *cobra.Command, _ []string) error {
			tokens := []client.ActorToken{}
			err := s.administer(c, func(api *client.Client) (err error) {
				tokens, err = everyPage(func(after *string, limit *int64) (client.PageToken, error) {
					return read[client.PageToken](api.ListTokens(c.Context(), &client.ListTokensParams{
						After: after, Limit: limit, Actor: given(actor), State: given(client.ListTokensParamsState(state)),
					}))
				}, func(p client.PageToken) ([]client.ActorToken, *string) { return p.Records, p.Next })
				return err
			}, func(k *auth.Keyring) error {
				for q := (auth.TokenQuery{Actor: actor, State: state, Limit: auth.MaxPage}); ; {
					page, next, err := k.Tokens(c.Context(), k.Console(), q)
					for _, t := range page {
						tokens = append(tokens, tokenOf(t))
					}
					if q.After = next; err != nil || next.String() == "" {
						return err
					}
				}
			})
			if err != nil {
				return err
			}
			return s.showTokens(tokens, asJSON)
		},
	}
	c.Flags().StringVar(&actor, "actor", "", "those of one actor")
	oneOf(c, &state, "state", "those that open the door, or those that do not any more", "live", "ended")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

// everyPage reads a list to its end.
func everyPage[P, R any](page func(after *string, limit *int64) (P, error), of func(P) ([]R, *string)) ([]R, error) {
	all, size := []R{}, pageSize
	for after := (*string)(nil); ; {
		p, err := page(after, &size)
		if err != nil {
			return nil, err
		}
		records, next := of(p)
		all = append(all, records...)
		if after = next; next == nil {
			return all, nil
		}
	}
}

func tokenOf(t auth.Token) client.ActorToken {
	return client.ActorToken{
		Id: t.ID, Prefix: t.Prefix(), Actor: t.Actor, Name: t.Name, CreatedAt: t.CreatedAt.UTC(), CreatedBy: t.CreatedBy, ExpiresAt: t.ExpiresAt.UTC(),
		RevokedAt: given(t.RevokedAt), LastUsedAt: given(t.LastUsedAt),
	}
}

func (s *settings) showTokens(tokens []client.ActorToken, asJSON bool) error {
	if asJSON {
		return printJSON(s.out, map[string]any{"records": tokens})
	}
	t := s.columns(nil, "id", "actor", "made", "ends", "last used", "state", "name")
	for _, token := range tokens {
		used := ""
		if token.LastUsedAt != nil {
			used = token.LastUsedAt.Format(time.DateOnly)
		}
		t.add(token.Id, token.Actor, token.CreatedAt.Format(time.DateOnly), token.ExpiresAt.Format(time.DateOnly), used, s.say(state(token)), token.Name)
	}
	return t.write(s.out)
}

func state(t client.ActorToken) string {
	switch {
	case t.RevokedAt != nil:
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
			return s.administer(c, func(api *client.Client) error {
				_, err := read[client.ActorToken](api.RevokeToken(c.Context(), args[0]))
				return err
			}, func(k *auth.Keyring) error {
				err := k.Revoke(c.Context(), k.Console(), args[0])
				switch {
				case errors.Is(err, auth.ErrNoToken):
					return hinted{fmt.Errorf("token %s: %w", args[0], err), "relief token list shows the ids"}
				case errors.Is(err, auth.ErrLast):
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
