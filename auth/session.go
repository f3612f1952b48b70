package auth

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"net/http"
	"runtime"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/internal/pg"
)

// SessionCookie is the name of the cookie that holds a session's id. The prefix has browsers refuse it from anywhere but this
// very host over TLS.
const SessionCookie = "__Host-relief"

const (
	idleLife     = 30 * time.Minute
	absoluteLife = 12 * time.Hour
	cookieBytes  = 32
)

// Sessions are how browsers of one book stay signed in. They are safe for concurrent use.
type Sessions struct {
	db    *bun.DB
	book  int
	now   func() time.Time
	slots chan struct{}
}

// Session describes a session without its id.
type Session struct {
	Actor      string
	Way        string // password or oidc
	OpenedAt   time.Time
	LastUsedAt time.Time // to the minute
	EndsAt     time.Time
	EndedAt    time.Time // zero while nobody ended it
}

// NewSessions are the sessions of a book; now is the clock.
func NewSessions(db *bun.DB, book int, now func() time.Time) *Sessions {
	return &Sessions{db: db, book: book, now: now, slots: make(chan struct{}, runtime.NumCPU())}
}

// SignIn opens a session for an actor that shows its password, and sets the cookie. A wrong password, an unknown actor and one
// without a password all are ErrDenied; ErrWait follows after five wrong ones.
func (s *Sessions) SignIn(w http.ResponseWriter, r *http.Request, actor, password string) error {
	if len(password) > 4*longest || !codeSyntax.MatchString(actor) {
		return ErrDenied
	}
	if err := s.prove(r.Context(), actor, password); err != nil {
		return err
	}
	return s.open(w, r, actor, "password")
}

// open starts a session under a new id, whatever the browser showed: an id that somebody planted there is worth nothing.
func (s *Sessions) open(w http.ResponseWriter, r *http.Request, actor, way string) error {
	id, at := newCookie(), s.now().UTC()
	err := pg.Transact(r.Context(), s.db, func(ctx context.Context, tx bun.Tx) error {
		if err := s.end(ctx, tx, shownSession(r), actor); err != nil {
			return err
		}
		_, err := tx.NewRaw("INSERT INTO sessions (book_id, id_hash, actor, way, opened_at, last_used_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
			s.book, hash(id), actor, way, at, at, at.Add(absoluteLife)).Exec(ctx)
		return err
	})
	if err == nil {
		http.SetCookie(w, cookie(SessionCookie, id))
	}
	return err
}

// Admit answers with the scope of the actor that is signed in, or ErrDenied. A session ends 30 minutes after its last use and
// 12 hours after it was opened.
func (s *Sessions) Admit(r *http.Request) (Scope, error) {
	ctx, id, at := r.Context(), shownSession(r), s.now().UTC()
	if id == "" {
		return Scope{}, ErrDenied
	}
	var found Session
	err := s.db.NewRaw("SELECT actor, last_used_at, ends_at FROM sessions WHERE book_id = ? AND id_hash = ? AND ended_at IS NULL", s.book, hash(id)).
		Scan(ctx, &found.Actor, &found.LastUsedAt, &found.EndsAt)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Scope{}, ErrDenied
	case err != nil:
		return Scope{}, err
	case !at.Before(found.EndsAt) || !at.Before(found.LastUsedAt.Add(idleLife)):
		return Scope{}, ErrDenied
	}
	if at.Sub(found.LastUsedAt) >= noteEvery {
		// What cannot be written down keeps nobody out.
		_ = pg.Transact(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.NewRaw("UPDATE sessions SET last_used_at = ?0 WHERE book_id = ?1 AND id_hash = ?2 AND last_used_at < ?0", at, s.book, hash(id)).Exec(ctx)
			return err
		})
	}
	return scopeOf(ctx, s.db, s.book, found.Actor)
}

// SignOut ends the session that the browser shows and takes its cookie away.
func (s *Sessions) SignOut(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, gone(SessionCookie))
	return pg.Transact(r.Context(), s.db, func(ctx context.Context, tx bun.Tx) error {
		return s.end(ctx, tx, shownSession(r), "")
	})
}

// end ends one session; by is who did it, its own actor when empty.
func (s *Sessions) end(ctx context.Context, tx bun.Tx, id, by string) error {
	if id == "" {
		return nil
	}
	_, err := tx.NewRaw("UPDATE sessions SET ended_at = ?, ended_by = coalesce(nullif(?, ''), actor) WHERE book_id = ? AND id_hash = ? AND ended_at IS NULL",
		s.now().UTC(), by, s.book, hash(id)).Exec(ctx)
	return err
}

// EndAll ends every session of an actor at once, on all servers, and answers with their number.
func (s *Sessions) EndAll(ctx context.Context, actor, by string) (ended int64, err error) {
	err = pg.Transact(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		ended, err = s.endAll(ctx, tx, actor, by)
		return err
	})
	return ended, err
}

func (s *Sessions) endAll(ctx context.Context, tx bun.Tx, actor, by string) (int64, error) {
	at := s.now().UTC()
	done, err := tx.NewRaw("UPDATE sessions SET ended_at = ?0, ended_by = ?1 WHERE book_id = ?2 AND actor = ?3 AND ended_at IS NULL AND ends_at > ?0",
		at, by, s.book, actor).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// Sessions lists the latest hundred sessions of an actor, the newest first.
func (s *Sessions) Sessions(ctx context.Context, actor string) ([]Session, error) {
	sessions := []Session{}
	err := s.db.NewRaw("SELECT actor, way, opened_at, last_used_at, ends_at, ended_at FROM sessions WHERE book_id = ? AND actor = ? ORDER BY opened_at DESC LIMIT 100",
		s.book, actor).Scan(ctx, &sessions)
	return sessions, err
}

// Protect lets only requests of this very origin change anything: a page elsewhere can make a browser send its cookie along,
// and browsers say where a request came from. Others are answered by denied.
func Protect(h, denied http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(denied)
	return p.Handler(h)
}

// newCookie is 256 random bits as text.
func newCookie() string {
	b := make([]byte, cookieBytes)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// cookie goes to no script, to no other host, over no plain connection, and along with no request that another site makes
// except following a link to here.
func cookie(name, value string) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

func gone(name string) *http.Cookie {
	c := cookie(name, "")
	c.MaxAge = -1
	return c
}

func shownSession(r *http.Request) string { return shownCookie(r, SessionCookie) }

// shownCookie is a cookie of the form that newCookie gives them, or "". Two of one name are nobody's work but an attacker's.
func shownCookie(r *http.Request, name string) string {
	shown := r.CookiesNamed(name)
	if len(shown) != 1 || len(shown[0].Value) != base64.RawURLEncoding.EncodedLen(cookieBytes) {
		return ""
	}
	return shown[0].Value
}
