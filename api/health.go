package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
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
		var writable bool
		err := d.Book.DB().NewRaw("SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'").Scan(ctx, &writable)
		if err != nil || !writable {
			p := newProblem(busy, "The database does not take writes now.")
			p.err = err
			return nil, p
		}
		return &struct{ Body Health }{Health{"ok"}}, nil
	})
}
