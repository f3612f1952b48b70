package api

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"reliefledger/ledger"
	"reliefledger/report"
)

// FeedQuery asks for entries, those that are there and those that are still to come.
type FeedQuery struct {
	report.EntryQuery
	Since int64 `query:"since" minimum:"0" doc:"Entries after this number: what you have seen up to. Refused when the book has not come so far." example:"5120"`
	Wait  int   `query:"wait" minimum:"0" maximum:"60" doc:"Seconds to wait for the first entry when there is none yet. Then the answer may be empty." example:"30"`
}

// since is where to read on.
func (q FeedQuery) since() (report.EntryQuery, error) {
	if q.Since > 0 && q.After > 0 && q.Since != q.After {
		return q.EntryQuery, ledger.Refuse(ledger.Invalid, "/since", fmt.Sprintf("since is %d and after is %d, one of them wanted", q.Since, q.After))
	}
	q.After = cmp.Or(q.Since, q.After)
	return q.EntryQuery, nil
}

// grows reports whether the page may still get entries: as known at an entry that is there, it has all that it will ever have.
func (q FeedQuery) grows(page Journal) bool { return q.KnownAt == 0 || page.KnownAt < q.KnownAt }

// journal reads a page of entries, and waits for it where that is asked for.
func (d *Door) journal(ctx context.Context, q FeedQuery) (Journal, error) {
	asked, err := q.since()
	if err != nil {
		return Journal{}, err
	}
	waiting, cancel := context.WithTimeout(ctx, time.Duration(q.Wait)*time.Second)
	defer cancel()
	page, err := d.journalPage(ctx, asked)
	if err == nil && q.Since > page.KnownAt {
		return Journal{}, ledger.Refuse(ledger.NotFound, "/since", fmt.Sprintf("the book has %d entries, entry %d wanted: it is another book, or an older copy of it", page.KnownAt, q.Since))
	}
	for err == nil && q.Wait > 0 && len(page.Entries) == 0 && q.grows(page) {
		if out := d.watch.await(waiting, page.KnownAt); errors.Is(out, ledger.ErrBusy) {
			return Journal{}, out
		} else if out != nil {
			return page, nil
		}
		asked.After = max(asked.After, page.KnownAt) // up to there nothing was wanted
		page, err = d.journalPage(ctx, asked)
	}
	return page, err
}

func (d *Door) journalPage(ctx context.Context, q report.EntryQuery) (Journal, error) {
	page, err := d.room().Entries(ctx, q)
	journal := Journal{Entries: make([]CountedEntry, len(page.Entries)), KnownAt: page.KnownAt, Next: page.Next}
	for i, e := range page.Entries {
		journal.Entries[i] = CountedEntry{d.entry(ledger.Posted{Entry: e.Entry}), report.Number(e.Quantity.String()), d.amount(e.Value)}
	}
	return journal, err
}

const (
	// streamLife is how long one stream lasts. A client comes again with Last-Event-ID, as browsers do by themselves, and its token is
	// checked again: one that was revoked stops working within a minute. It is shorter than the server's ReadTimeout, which would cut it.
	streamLife = 50 * time.Second
	heartbeat  = 15 * time.Second // shorter than what proxies take for a dead connection
	sendTime   = 10 * time.Second // how long a client may take to read what it was sent
)

func (d *Door) feed(a huma.API) {
	op := asking[report.EntryQuery](a, "/v1/entries/feed", "follow-entries", "Follow the entries as they are posted",
		"Streams entries as server-sent events, those after since first, then every new one within a second. An event is called entry, its id is the entry's number and its data the entry as JSON. "+
			"The stream ends after 50 seconds; come again with Last-Event-ID, and nothing is missed and nothing comes twice. It takes no known_at, because it goes on with the book.")
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: "since", In: "query", Description: "Entries after this number.", Schema: &huma.Schema{Type: huma.TypeInteger, Format: "int64"},
	})
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The events.", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	huma.Register(a, op, func(ctx context.Context, in *struct {
		LastEventID int64 `header:"Last-Event-ID" minimum:"0" doc:"Number of the last entry that was seen; it counts more than since."`
	},
	) (*huma.StreamResponse, error) {
		q, err := bind[FeedQuery](d.schemas, visitOf(ctx).query)
		if err != nil {
			return nil, err
		}
		if q.KnownAt > 0 { // such a stream would come to its end and never tell of it
			return nil, &ledger.Refusal{Faults: []ledger.Fault{{
				Code: ledger.Invalid, Pointer: "/known_at", Message: fmt.Sprintf("a feed goes on with the book, as known at entry %d wanted", q.KnownAt),
				Hint: "leave known_at out, or list the entries instead of following them",
			}}}
		}
		q.Wait = 0
		if in.LastEventID > 0 {
			q.Since, q.After = in.LastEventID, 0
		}
		page, err := d.journal(ctx, q)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) { d.stream(ctx, q.EntryQuery, page) }}, nil
	})
}

// stream writes pages of entries as they come, until the stream's life ends or the client does not take them.
func (d *Door) stream(c huma.Context, q report.EntryQuery, page Journal) {
	ctx, cancel := context.WithTimeout(c.Context(), streamLife)
	defer cancel()
	_, w := humago.Unwrap(c)
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no") // proxies that buffer would hold events back
	out := http.NewResponseController(w)
	for {
		_ = out.SetWriteDeadline(time.Now().Add(sendTime)) // where there is no deadline, a write still ends with the connection
		if _, err := io.Copy(w, events(page)); err != nil || out.Flush() != nil {
			return
		}
		if q.After = cmp.Or(page.Next, page.KnownAt); page.Next == 0 {
			beat, rest := context.WithTimeout(ctx, heartbeat)
			err := d.watch.await(beat, page.KnownAt)
			rest()
			if ctx.Err() != nil || errors.Is(err, ledger.ErrClosed) || errors.Is(err, ledger.ErrBusy) {
				return
			}
		}
		var err error
		if page, err = d.journalPage(ctx, q); err != nil {
			visitOf(c.Context()).err = err // for the log: the client comes again and is told then
			return
		}
	}
}

// events writes a page. After the last entry that is there comes an id without data: the client remembers how far it has seen, and
// proxies see that the connection lives.
func events(page Journal) *bytes.Buffer {
	var b bytes.Buffer
	for _, e := range page.Entries {
		fmt.Fprintf(&b, "id: %d\nevent: entry\ndata: ", e.Number)
		_ = writeJSON(&b, e) // a buffer takes everything; it ends the line
		b.WriteString("\n")
	}
	if page.Next == 0 {
		fmt.Fprintf(&b, ": up to date\nid: %d\n\n", page.KnownAt)
	}
	return &b
}
