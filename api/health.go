package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"reliefledger/internal/pg"
)

// Health says whether the server works.
type Health struct {
	Status string `json:"status" enum:"ok" doc:"ok" example:"ok"`
}

func (d *Door) health(a huma.API) {
	huma.Register(a, operation("", http.MethodGet, "/healthz", "healthz", "Tell whether the process lives",
		"Answers as long as the process answers at all."), func(context.Context, *struct{}) (*struct{ Body Health }, error) {
		return &struct{ Body Health }{Health{"ok"}}, nil
	})
	huma.Register(a, operation("", http.MethodGet, "/readyz", "readyz", "Tell whether the book can be read and written",
		"Answers 200 when the database answers, and 503 when it does not."), func(ctx context.Context, _ *struct{}) (*struct{ Body Health }, error) {
		if err := d.ready(ctx); err != nil {
			p := newProblem(busy, "The database does not take writes now.")
			p.err = err
			return nil, p
		}
		return &struct{ Body Health }{Health{"ok"}}, nil
	})
}

// ready says why nothing should be posted here now, nil when all is well.
func (d *Door) ready(ctx context.Context) error {
	if err := pg.Writable(ctx, d.Book.DB()); err != nil {
		return err
	}
	if d.Standing == nil {
		return nil
	}
	return d.Standing()
}
