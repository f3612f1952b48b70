package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/mod/sumdb/tlog"

	"reliefledger/auth"
	"reliefledger/ledger"
)

// Checkpoint is a signed statement of what the log was: so many entries, with this root over them.
type Checkpoint struct {
	Origin   string    `json:"origin" doc:"Name of the log." example:"reliefledger/main"`
	Size     int64     `json:"size" doc:"How many entries it covers." example:"60210"`
	Root     string    `json:"root" doc:"Root hash over them, in base64."`
	Note     string    `json:"note" doc:"The signed note (C2SP tlog-checkpoint). Keep it: it proves later that nothing was changed."`
	SignedAt time.Time `json:"signed_at" doc:"When it was signed."`
}

// Inclusion proves that an entry is in the log that a checkpoint signs.
type Inclusion struct {
	Number int64    `json:"entry" doc:"Number of the entry; its index in the log is one less." example:"5120"`
	Size   int64    `json:"size" doc:"Size of the log that the proof is for." example:"60210"`
	Leaf   string   `json:"leaf" doc:"Leaf hash of the entry (RFC 6962), in base64."`
	Hashes []string `json:"hashes" doc:"The proof (RFC 6962), in base64."`
}

// Consistency proves that a longer log begins with a shorter one.
type Consistency struct {
	From   int64    `json:"from" doc:"Size of the shorter log." example:"50000"`
	To     int64    `json:"to" doc:"Size of the longer log." example:"60210"`
	Hashes []string `json:"hashes" doc:"The proof (RFC 6962), in base64."`
}

func (d *Door) log(a huma.API) {
	huma.Register(a, operation(auth.Read, http.MethodGet, "/v1/checkpoint", "read-checkpoint", "Read the latest checkpoint",
		"Reads the latest signed statement of what the log is. The same note, in plain text and without a token, is at /log/checkpoint, and the log's tiles are at /log/tile/ (C2SP tlog-tiles)."),
		func(ctx context.Context, _ *struct{}) (*struct{ Body Checkpoint }, error) {
			c, err := ledger.LatestCheckpoint(ctx, d.Book.DB(), d.Book.Info)
			return &struct{ Body Checkpoint }{Checkpoint{c.Origin, c.Size, c.Root.String(), c.Note, c.SignedAt}}, err
		})
	huma.Register(a, operation(auth.Read, http.MethodGet, "/v1/checkpoint/consistency", "prove-consistency", "Prove that the log only grew",
		"Proves that the log of one size begins with the log of a smaller one: nothing was altered, removed or slipped in between two checkpoints."),
		func(ctx context.Context, in *struct {
			From int64 `query:"from" required:"true" minimum:"1" example:"50000" doc:"Size of the older checkpoint."`
			To   int64 `query:"to" minimum:"1" doc:"Size of the newer checkpoint; the latest when absent."`
		},
		) (*struct{ Body Consistency }, error) {
			p, err := ledger.ProveConsistency(ctx, d.Book.DB(), d.Book.Info, in.From, in.To)
			return &struct{ Body Consistency }{Consistency{p.From, p.To, texts(p.Hashes)}}, err
		})
	huma.Register(a, operation(auth.Read, http.MethodGet, "/v1/entries/{number}/proof", "prove-entry", "Prove that an entry is in the log",
		"Proves that an entry is in the log that a checkpoint signs. An entry is sealed within some seconds; before that the answer is 404."),
		func(ctx context.Context, in *struct {
			Numbered
			Size int64 `query:"size" minimum:"1" doc:"Size of the checkpoint to prove it for; the latest when absent."`
		},
		) (*struct{ Body Inclusion }, error) {
			p, err := ledger.ProveInclusion(ctx, d.Book.DB(), d.Book.Info, in.Number, in.Size)
			return &struct{ Body Inclusion }{Inclusion{p.Number, p.Size, p.Leaf.String(), texts(p.Hashes)}}, err
		})
}

// Numbered names an entry in a path.
type Numbered struct {
	Number int64 `path:"number" minimum:"1" example:"5120" doc:"Number of the entry."`
}

func texts[H ~[]tlog.Hash](hashes H) []string {
	texts := make([]string, len(hashes))
	for i, h := range hashes {
		texts[i] = h.String()
	}
	return texts
}

// tiles serves the log to whoever wants to watch it, without a token: hashes tell nothing about what they seal.
func (d *Door) tiles(mux *guardedMux) {
	mux.HandleFunc("GET /log/checkpoint", func(w http.ResponseWriter, r *http.Request) {
		c, err := ledger.LatestCheckpoint(r.Context(), d.Book.DB(), d.Book.Info)
		if err == nil && c.Size == 0 {
			err = notFound("The log has no checkpoint yet.")
		}
		raw(w, r, "text/plain; charset=utf-8", []byte(c.Note), err)
	})
	mux.HandleFunc("GET /log/tile/{path...}", func(w http.ResponseWriter, r *http.Request) {
		// A C2SP path is that of the Go checksum database without the height, which is always 8.
		tile, err := tlog.ParseTilePath("tile/8/" + r.PathValue("path"))
		if err != nil || tile.L < 0 {
			raw(w, r, "", nil, notFound("There is no tile "+r.PathValue("path")+"."))
			return
		}
		hashes, err := ledger.Tile(r.Context(), d.Book.DB(), d.Book.Info, tile.L, tile.N, tile.W)
		if err == nil {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		raw(w, r, "application/octet-stream", hashes, err)
	})
}

func raw(w http.ResponseWriter, r *http.Request, contentType string, body []byte, err error) {
	if err != nil {
		v, p := visitOf(r.Context()), problemOf(err)
		v.err = p.err
		writeProblem(w, v, p)
		return
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(body) // the client is gone when this fails
}
