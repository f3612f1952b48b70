package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"reliefledger/internal/localpg"
)

// laboratory is what all faults share: the programs, and a furnished book that each gets a copy of.
type laboratory struct {
	engine
	scratch  string
	program  string
	data     string         // a stopped cluster with a book that has goods at every point
	site     string         // the data directory of its server: the log's key, the first checkpoint
	token    string         // of the administrator, for what is not a client's work
	tokens   []string       // one for each client: a server lets none of them send more than its share
	baseline map[string]int // goroutines of a server that nothing has happened to, by who made them
}

func newLaboratory(ctx context.Context, dir, program string) (*laboratory, error) {
	l := &laboratory{program: program}
	var err error
	if l.scratch, err = os.MkdirTemp(dir, "relief-faults-"); err != nil {
		return nil, err
	}
	// PostgreSQL may run as another user than root, who must get in.
	err = os.Chmod(l.scratch, 0o755)
	if err == nil {
		err = l.furnish(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(l.scratch))
	}
	return l, nil
}

// furnish makes the book as any user would.
func (l *laboratory) furnish(ctx context.Context) (err error) {
	if l.engine, err = newEngine(ctx); err != nil {
		return err
	}
	n, err := newNode(l.engine, filepath.Join(l.scratch, "furnished"))
	if err != nil {
		return err
	}
	if err := l.initialize(ctx, n.data); err != nil {
		return err
	}
	if err := n.begin(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.stop()) }()
	if err := n.makeDatabase(ctx, localpg.Database); err != nil {
		return err
	}
	l.data, l.site = n.data, filepath.Join(l.scratch, "furnished", "site")
	s := newServer(l.program, l.site, n.dsn(localpg.Database))
	if err := s.start(ctx); err != nil {
		return err
	}
	if l.token, err = s.hear(ctx, s.from, regexp.MustCompile(`\n\s+(`+token.String()+`)\n`)); err != nil {
		return err
	}
	return errors.Join(l.stock(ctx, s.url), l.admitClients(ctx, s.dsn), s.stop())
}

// admitClients makes a token for each client.
func (l *laboratory) admitClients(ctx context.Context, dsn string) error {
	l.tokens = make([]string, crowded)
	failed := make([]error, crowded)
	var all sync.WaitGroup
	for i := range crowded {
		all.Go(func() {
			said, err := command(ctx, mortal(nil, syscall.SIGKILL), l.program, "token", "create", "--db", dsn, "--data", l.site,
				"--actor", fmt.Sprintf("keeper-%d", i), "--role", "administrator", "--name", "client")
			l.tokens[i], failed[i] = token.FindString(said), err
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

var token = regexp.MustCompile(`rl_[A-Z0-9_]+`)

// stock registers a fund, an item and points, and fills the points.
func (l *laboratory) stock(ctx context.Context, url string) error {
	requests := [][2]string{
		{"/v1/funds", `{"code":"WINTER-23","name":"冬季救助专项资金"}`},
		{"/v1/items", `{"code":"QUILT","name":"棉被","name_en":"Quilt","unit":"床","category":"quilt"}`},
		{"/v1/locations", `{"code":"ST-01","name":"救助管理站","kind":"station"}`},
	}
	for n := range points {
		requests = append(requests, [2]string{"/v1/locations", fmt.Sprintf(`{"code":"PT-%d","name":"取暖点","kind":"point","parent":"ST-01"}`, n)})
	}
	for n := range points {
		requests = append(requests, [2]string{"/v1/receipts", fmt.Sprintf(
			`{"location":"PT-%d","kind":"opening","fund":"WINTER-23","lines":[{"item":"QUILT","quantity":"10000000","value":"965000000.00"}]}`, n)})
	}
	s := newSender(l.token, time.Minute)
	defer s.close()
	for i, r := range requests {
		var took time.Duration
		answer, body, err := s.call(ctx, http.MethodPost, url+r[0], "furnish-"+strconv.Itoa(i), r[1], &took)
		if err != nil {
			return err
		}
		if answer.StatusCode >= 300 {
			return fmt.Errorf("%s: %d %s", r[0], answer.StatusCode, body)
		}
	}
	return nil
}

// pointOf sends half of all handouts to one point and spreads the others.
func pointOf(key string) string {
	n, _ := strconv.Atoi(key[strings.LastIndexByte(key, '-')+1:]) // keys end in a number
	if n%2 == 0 {
		return "PT-0"
	}
	return fmt.Sprintf("PT-%d", n/2%points)
}
