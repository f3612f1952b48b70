package localpg

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/lib/pq"
)

// initialize makes the files of a new cluster. They appear under their name only when they are complete, so a start
// that was killed half way leaves no half cluster.
func initialize(ctx context.Context, bin Binaries, home, data string, as *account, o Options) error {
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err == nil || !os.IsNotExist(err) {
		return err
	}
	fmt.Fprintf(o.Log, "making a PostgreSQL %d cluster in %s\n", bin.Major, data)
	fresh := data + ".new"
	var said bytes.Buffer
	// Some systems lack C.UTF-8; plain C sorts the same, and only folds case in ASCII alone.
	for _, locale := range []string{"C.UTF-8", "C"} {
		if err := os.RemoveAll(fresh); err != nil {
			return err
		}
		args := []string{"-D", fresh, "-U", owner, "-A", "trust", "-E", "UTF8", "--locale=" + locale, "--data-checksums"}
		if o.Fast {
			args = append(args, "--no-sync")
		}
		cmd := command(bin.Path("initdb"), home, as, args...)
		cmd.Stdout, cmd.Stderr = &said, &said
		initdb, err := launch(cmd)
		if err != nil {
			return err
		}
		if err := initdb.finish(ctx); err == nil {
			return os.Rename(fresh, data)
		} else if ctx.Err() != nil {
			return err
		}
	}
	return fmt.Errorf("initdb in %s failed:\n%s", fresh, bytes.TrimSpace(said.Bytes()))
}

// errLocked says that the server found the lock file of another process that still seems to live.
var errLocked = errors.New("its files are locked")

// serveSoon gives a killed server the moment that the system needs to bury it: until then its number looks alive,
// and a new server leaves its lock files alone.
func serveSoon(ctx context.Context, bin Binaries, home, socket string, as *account, o Options) (*child, error) {
	patience := time.After(10 * time.Second)
	for {
		server, err := serve(ctx, bin, home, socket, as, o)
		if !errors.Is(err, errLocked) {
			return server, err
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-patience:
			return nil, err
		case <-ctx.Done():
			return nil, err
		}
	}
}

// serve runs postgres itself, not pg_ctl, as our child, and returns when it is ready.
func serve(ctx context.Context, bin Binaries, home, socket string, as *account, o Options) (*child, error) {
	data := filepath.Join(home, "data")
	log, err := os.OpenFile(filepath.Join(home, "server.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	from, err := log.Seek(0, 2)
	if err != nil {
		return nil, err
	}
	cmd := command(bin.Path("postgres"), home, as, settings(data, socket, o.Fast)...)
	cmd.Stdout, cmd.Stderr = log, log
	server, err := launch(cmd)
	if err != nil {
		return nil, err
	}
	if err := server.awaitReady(ctx, data); err != nil {
		_ = server.stop(ctx)
		said := tail(log.Name(), from)
		if bytes.Contains(said, []byte("lock file")) {
			err = fmt.Errorf("%w: %w", errLocked, err)
		}
		return nil, fmt.Errorf("PostgreSQL %d in %s did not start: %w\n%s", bin.Major, data, err, said)
	}
	return server, nil
}

func settings(data, socket string, fast bool) []string {
	args := []string{
		"-D", data, "-k", socket,
		"-c", "listen_addresses=",
		"-c", "unix_socket_permissions=0700",
		"-c", "port=5432",
		// Failing statements carry people's words, and details carry their values: neither belongs into a log.
		"-c", "log_min_error_statement=panic",
		"-c", "log_error_verbosity=terse",
		"-c", "log_checkpoints=off",
	}
	if fast {
		return append(args, "-F", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")
	}
	return append(args, "-c", buffers(os.ReadFile))
}

// awaitReady waits for this very child: the file may be that of an earlier server.
func (c *child) awaitReady(ctx context.Context, data string) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if server, ok := readPostmaster(data); ok && server.pid == c.pid && server.ready {
			return nil
		}
		select {
		case <-tick.C:
		case <-c.done:
			return fmt.Errorf("it ended at once")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// tail is what the file gained since from.
func tail(path string, from int64) []byte {
	raw, err := os.ReadFile(path)
	if err != nil || int64(len(raw)) < from {
		return nil
	}
	return bytes.TrimSpace(raw[from:])
}

func (c *Cluster) ping(ctx context.Context, database string) error {
	db, err := sql.Open("postgres", c.DSN(database)+"&connect_timeout=2")
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}

// ensureDatabase makes the database that every cluster has. We hold the lock: nobody else does the same.
func (c *Cluster) ensureDatabase(ctx context.Context) error {
	db, err := sql.Open("postgres", c.DSN("postgres")+"&connect_timeout=5")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "CREATE DATABASE "+pq.QuoteIdentifier(Database))
	if e := pq.As(err); e != nil && e.Code == "42P04" {
		return nil
	}
	return err
}
