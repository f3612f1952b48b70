package api

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"reliefledger/auth"
)

// visit is one request on its way through the door.
type visit struct {
	id string
	// chinese is set when the sender would rather read Chinese.
	chinese bool
	query   url.Values
	scope   auth.Scope // of whoever sent it; nothing at all before the token was checked
	verb    auth.Verb  // what the operation does
	code    string     // of the problem it ended with
	err     error      // why the server failed; for the log only

	denial error // why the door stayed shut; for the audit log only
}

type visitKey struct{}

// visitOf is the visit of a request; an empty one where there is none, as in the writing of the contract.
func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{}
}

// translate is the problem in the language of the visit.
func (v *visit) translate(p *Problem) *Problem {
	if v.chinese {
		return p.inChinese()
	}
	return p
}

func (v *visit) language() string {
	if v.chinese {
		return "zh"
	}
	return "en"
}

// answerWriter remembers the status for the log.
type answerWriter struct {
	http.ResponseWriter
	status int
}

// readTime is how long a client may take to read its answer, on a slow line too. Without a bound a client that reads nothing
// would hold its handler for ever.
const readTime = time.Minute

// begin notes the status and starts the time that the client has. Where a connection knows no deadline, it ends with the connection.
func (w *answerWriter) begin(status int) {
	if w.status == 0 {
		w.status = status
		_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Now().Add(readTime))
	}
}

func (w *answerWriter) WriteHeader(status int) {
	w.begin(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *answerWriter) Write(b []byte) (int, error) {
	w.begin(http.StatusOK)
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection's deadlines.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// nothingLoads is the policy of every answer that is no page with a policy of its own: a browser that is led to it loads and runs nothing.
const nothingLoads = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// admit is the outermost handler. It gives the request its id, answers what the mux would answer in plain text, turns a
// panic into a problem, and writes the access log: never a body, a query or a header, because those hold people and secrets.
func (d *Door) admit(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		v := &visit{id: rand.Text()[:16], query: r.URL.Query(), chinese: wantsChinese(r.Header.Get("Accept-Language"))}
		ctx, end := d.trace(r)
		r = r.WithContext(context.WithValue(ctx, visitKey{}, v))
		answer := &answerWriter{ResponseWriter: w}
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // that of the answer before on this connection
		h := answer.Header()
		h.Set("X-Request-Id", v.id)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", nothingLoads)
		defer func() {
			if panicked := recover(); panicked != nil {
				d.Log.Error("panic", "request", v.id, "cause", panicked, "stack", string(debug.Stack()))
				if answer.status == 0 {
					writeProblem(answer, v, newProblem(internal, ""))
				}
			}
			took := time.Since(started)
			d.note(r, v, answer.status, took)
			end(Answered{r.Pattern, answer.status, v.id, v.code, took})
		}()
		if p := misfit(mux, r); p != nil {
			if p.Status == http.StatusMethodNotAllowed {
				h.Set("Allow", strings.Join(allowed(mux, r), ", "))
			}
			writeProblem(answer, v, p)
			return
		}
		mux.ServeHTTP(answer, r)
	})
}

// trace opens the span of a request where somebody is told of it.
func (d *Door) trace(r *http.Request) (context.Context, func(Answered)) {
	if d.Trace == nil {
		return r.Context(), func(Answered) {}
	}
	return d.Trace(r)
}

func (d *Door) note(r *http.Request, v *visit, status int, took time.Duration) {
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	attributes := []slog.Attr{
		slog.String("method", r.Method), slog.String("pattern", r.Pattern), slog.Int("status", status),
		slog.Duration("took", took), slog.String("request", v.id), slog.String("actor", v.scope.Actor),
	}
	if v.code != "" {
		attributes = append(attributes, slog.String("problem", v.code))
	}
	if v.err != nil {
		attributes = append(attributes, slog.String("cause", v.err.Error()))
	}
	d.Log.LogAttrs(r.Context(), level, "request", attributes...)
	d.audit(r, v)
	if d.Observe != nil {
		d.Observe(r.Pattern, status, took)
	}
}

// audit tells the audit log of a request whose token did not open the door.
func (d *Door) audit(r *http.Request, v *visit) {
	if v.denial == nil || d.Audit == nil {
		return
	}
	event := "token refused"
	if v.code == "/problems/"+forbidden {
		event = "forbidden"
	}
	d.Audit.WarnContext(r.Context(), event, "why", v.denial.Error(), "method", r.Method, "pattern", r.Pattern,
		"actor", v.scope.Actor, "from", r.RemoteAddr, "request", v.id)
}

// misfit is the problem of a request that no handler takes: bytes in its address that no name of the book can hold,
// an unknown path, a method that is not served.
func misfit(mux *http.ServeMux, r *http.Request) *Problem {
	if size := headSize(r); size > maxHead {
		return newProblem(headTooLarge, fmt.Sprintf("The address and the headers have %d bytes, at most %d are read.", size, maxHead))
	}
	query, err := url.QueryUnescape(r.URL.RawQuery)
	if err != nil || !clean(r.URL.Path) || !clean(query) {
		return newProblem(malformed, "The address holds characters that no name has.")
	}
	if _, pattern := mux.Handler(r); pattern != "" {
		return nil
	}
	if len(allowed(mux, r)) > 0 {
		return newProblem(wrongMethod, r.Method+" is not served at "+r.URL.Path+".")
	}
	return notFound("Nothing is served at " + r.URL.Path + ".")
}

func clean(s string) bool { return utf8.ValidString(s) && strings.IndexFunc(s, unprintable) < 0 }

// allowed are the methods that the path is served with.
func allowed(mux *http.ServeMux, r *http.Request) []string {
	var methods []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		probe := r.Clone(r.Context())
		probe.Method = method
		if _, pattern := mux.Handler(probe); pattern != "" {
			methods = append(methods, method)
		}
	}
	return methods
}

// writeProblem answers outside huma.
func writeProblem(w http.ResponseWriter, v *visit, p *Problem) {
	p.Instance = "urn:request:" + v.id
	v.code = p.Type
	p = v.translate(p)
	w.Header().Set("Content-Language", v.language())
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = writeJSON(w, p) // the client is gone when this fails
}
