// Package api is the door: JSON over HTTP. A handler parses, makes one call of a wing or of the reading room, and maps the
// result; what is right and wrong is decided behind it.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"golang.org/x/time/rate"

	"reliefledger/auth"
	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// Door serves one book.
type Door struct {
	Book    *ledger.Book
	Keeper  *warehouse.Keeper
	Officer *fund.Officer
	Desk    *campaign.Desk
	Keyring *auth.Keyring
	Log     *slog.Logger

	// What follows may be left out.
	Persons  *Persons                                              // who is behind pseudonyms; none are kept without it
	Rate     rate.Limit                                            // requests a second that one token may send for long
	Burst    int                                                   // requests that it may send at once
	Tries    int                                                   // wrong tokens that one address may show at once
	Audit    *slog.Logger                                          // is told of tokens that opened nothing
	Observe  func(pattern string, status int, took time.Duration)  // is told of every request; pattern is "" when nothing is served there
	Trace    func(*http.Request) (context.Context, func(Answered)) // opens the span of a request, under which it is answered, and tells how it ended
	Standing func() error                                          // why the log cannot be sealed, nil while it can
	Metrics  http.Handler                                          // answers /metrics to auditors and administrators

	schemas huma.Registry
	watch   *watch
	pace    *pace
	tries   *tries
	gates   gates
	served  []string // patterns
}

// Answered is how a request ended, without anything that it held.
type Answered struct {
	Pattern string // "" when nothing is served there
	Status  int
	Request string // the request's name in the log
	Problem string // type of the problem it was answered with, "" when all was well
	Took    time.Duration
}

// huma keeps these as globals. They are set here, before any operation is registered, because every one of its defaults
// lets through what a book must not take.
func init() {
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
	huma.NewError = newError
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		failed := newError(status, message, errs...)
		if p, ok := failed.(*Problem); ok && ctx.Operation().RequestBody == nil {
			return p.asParameters() // here, because the status goes out before sign sees the problem
		}
		return failed
	}
}

// Handler serves the whole API.
func (d *Door) Handler() http.Handler {
	mux := http.NewServeMux()
	d.confine()
	d.open(mux)
	return d.admit(mux)
}

// Server is an HTTP server on the handler with the limits that keep a slow or hostile client from holding it: only the
// body may take long, because phones in the field are slow.
func (d *Door) Server(address string) *http.Server {
	s := &http.Server{
		Addr:              address,
		Handler:           d.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       75 * time.Second, // longer than any body may take
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(d.Log.Handler(), slog.LevelWarn),
	}
	s.RegisterOnShutdown(d.watch.close)
	return s
}

// Contract writes the OpenAPI document. It needs no database.
func Contract() ([]byte, error) { return contract().YAML() }

// Contract30 writes it as OpenAPI 3.0, for tools that know no later one.
func Contract30() ([]byte, error) { return contract().DowngradeYAML() }

func contract() *huma.OpenAPI {
	d := &Door{Keeper: warehouse.NewKeeper(nil, nil), Officer: fund.NewOfficer(nil, nil), Desk: campaign.NewDesk(nil, nil)}
	return d.open(http.NewServeMux()).OpenAPI()
}

func (d *Door) open(plain *http.ServeMux) huma.API {
	mux := &guardedMux{ServeMux: plain, door: d}
	d.schemas = registry()
	d.pace, d.tries, d.gates = newPace(d.Rate, d.Burst), newTries(d.Tries), newGates()
	d.watch = newWatch(func(ctx context.Context) (head int64, err error) {
		err = d.Book.DB().NewRaw("SELECT number FROM heads WHERE book_id = ?", d.Book.ID).Scan(ctx, &head)
		return head, err
	})
	a := humago.New(mux, d.config())
	a.UseMiddleware(d.guess, d.check, d.slow, d.queue)
	d.routes(a)
	illustrate(a)
	a.OpenAPI().Tags = tagged(a.OpenAPI())
	d.tiles(mux)
	d.problems(mux)
	d.docs(mux)
	d.metrics(mux)
	d.served = mux.served
	mustBeGuarded(d.served, a.OpenAPI())
	return a
}

// routes are the nouns in the order of the contract.
func (d *Door) routes(a huma.API) {
	for _, noun := range []func(huma.API){
		d.items, d.locations, d.parties, d.funds, d.campaigns,
		d.receipts, d.requests, d.transfers, d.handouts, d.writeOffs, d.shortClosings, d.counts, d.kits,
		d.contributions, d.budgets, d.purchases, d.invoices, d.freights, d.payments, d.interfunds, d.claims, d.bankStatements, d.bankMatches,
		d.activities, d.reversals, d.periods, d.dualControls,
		d.stock, d.lots, d.points, d.statements, d.bulletin, d.entries, d.log, d.health,
		d.actors, d.grants, d.tokens, d.persons,
	} {
		noun(a)
	}
}

func (d *Door) config() huma.Config {
	config := huma.DefaultConfig("Relief Ledger", "1.0.0")
	config.Info.Description = about
	config.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	config.Servers = []*huma.Server{{URL: "/", Description: "The server that answers with this document at /openapi.yaml."}}
	config.OpenAPIPath = "/openapi"
	config.DocsPath = ""    // huma's pages load from elsewhere and stay blank without a network
	config.SchemasPath = "" // the contract is one document
	config.CreateHooks = nil
	config.Formats = map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat} // the second for problem+json
	config.Components.Schemas = d.schemas
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "A token made by 'relief token create'. Its actor is written into every entry."},
	}
	config.Transformers = []huma.Transformer{sign}
	return config
}

// sign writes the request's name on a problem and leaves the cause for the log.
func sign(ctx huma.Context, _ string, body any) (any, error) {
	if p, ok := body.(*Problem); ok {
		v := visitOf(ctx.Context())
		v.code, v.err = p.Type, p.err
		signed := *p
		if ctx.Operation().RequestBody == nil {
			signed = *p.asParameters()
		}
		signed.Instance = "urn:request:" + v.id
		if after := p.retryAfter(); after != "" {
			ctx.SetHeader("Retry-After", after)
		}
		ctx.SetHeader("Content-Language", v.language())
		return v.translate(&signed), nil
	}
	if answer, bulk := body.(BulkAnswer); bulk {
		for i, r := range answer.Results {
			if r.Problem != nil {
				answer.Results[i].Problem = visitOf(ctx.Context()).translate(r.Problem)
			}
		}
	}
	return body, nil
}
