package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"reliefledger/auth"
	"reliefledger/internal/demo"
	"reliefledger/ledger"
	"reliefledger/report"
)

// welcome prints where to look. The very first start makes the first administrator; the demo makes a token for every role
// on every start, because the secrets of earlier ones are stored nowhere.
func (s *settings) welcome(ctx context.Context, r *running, keyring *auth.Keyring, url string, withDemo bool) error {
	err := s.notice(s.out, "\nRelief Ledger keeps book %s on %s", r.book.Code, url)
	about := table{head: []string{"", ""}}
	about.add("  "+s.say("contract"), url+"/openapi.yaml")
	if r.cluster != nil { // the string of a database elsewhere may hold a password
		about.add("  psql", fmt.Sprintf("psql %q", r.dsn))
	}
	about.add("  "+s.say("log key"), r.sealer.Key.Public)
	if err = errors.Join(err, about.write(s.out)); err != nil {
		return err
	}
	if withDemo {
		return s.welcomeToDemo(ctx, r, keyring, url)
	}
	tokens, _, err := keyring.Tokens(ctx, keyring.Console(), auth.TokenQuery{Limit: 1})
	if err != nil || len(tokens) > 0 {
		return err
	}
	shown, err := keyring.Issue(ctx, auth.Order{Actor: "administrator", Role: auth.Administrator, Name: "first administrator", Life: 90 * aday, By: "first-start"})
	if err != nil {
		return err
	}
	return s.notice(s.out, "\nThe first administrator's token, shown this once (relief token create makes more):\n\n  %s\n", shown)
}

func (s *settings) welcomeToDemo(ctx context.Context, r *running, keyring *auth.Keyring, url string) error {
	tokens := s.columns(nil, "role", "token, good for 30 days")
	tokens.head[0] = "  " + tokens.head[0]
	token := ""
	for _, role := range auth.Roles {
		shown, err := keyring.Issue(ctx, auth.Order{Actor: "demo-" + string(role), Role: role, Name: "demo", Life: 30 * aday, By: "demo"})
		if err != nil {
			return err
		}
		tokens.add("  "+string(role), shown)
		token = shown // the last one may do everything
	}
	fmt.Fprintln(s.out)
	if err := tokens.write(s.out); err != nil {
		return err
	}
	place, item, err := r.handy(ctx)
	if err != nil {
		return err
	}
	if err := s.notice(s.out, "\nTry, in another terminal:\n\nTOKEN=%s", token); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "curl -s -H \"Authorization: Bearer $TOKEN\" '%s/v1/campaigns/%s/bulletin/text?lang=en'\n", url, demo.Campaign)
	fmt.Fprintf(s.out, "curl -s -H \"Authorization: Bearer $TOKEN\" -H 'Idempotency-Key: %s' -H 'Content-Type: application/json' %s/v1/handouts -d '%s'\n",
		strings.ToLower(rand.Text()), url, fmt.Sprintf(`{"location":"%s","people":1,"lines":[{"item":"%s","quantity":"1"}]}`, place, item))
	_, err = fmt.Fprintf(s.out, "curl -s -H \"Authorization: Bearer $TOKEN\" '%s/v1/stock?under=%s&by=lot,fund'\n\n", url, place)
	return err
}

// handy is a point that has something to give today, for a line to try.
func (r *running) handy(ctx context.Context) (place, item string, err error) {
	stock, err := report.Room{Book: r.book}.Stock(ctx, report.StockQuery{Condition: string(ledger.Stock), By: []string{"location"}, Limit: report.MaxStockLines})
	for _, line := range stock.Lines {
		if strings.HasPrefix(line.Location, "PT-") && (line.ExpiresOn.IsZero() || line.ExpiresOn > r.book.Today()) {
			return line.Location, line.Item, err
		}
	}
	return "PT-0001", "QUILT", err // refused then, and the refusal is worth reading too
}
