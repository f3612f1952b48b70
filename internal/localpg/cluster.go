// Package localpg runs a PostgreSQL of our own in a data directory: found or installed on this machine, reachable only
// through a private unix socket, shut down with the program that started it.
package localpg

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Database is the database that every cluster has.
const Database = "relief"

// owner is the superuser of every cluster; whoever reaches the socket is trusted to be it.
const owner = "relief"

// Options tune Start; the zero value works.
type Options struct {
	Fast     bool      // for tests: nothing survives a power cut
	Log      io.Writer // told what takes long, such as installing PostgreSQL; nobody by default
	Binaries Binaries  // used for a new cluster; found, or else installed, by default
}

// Cluster is a running server.
type Cluster struct {
	socket string // directory
	child  *child // nil when another process runs the server
	lock   *os.File
}

// DSN is the connection string of a database of the cluster as its owner, as a URL that psql takes as well.
func (c *Cluster) DSN(database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.User(owner), Path: "/" + database,
		RawQuery: url.Values{"host": {c.socket}, "port": {"5432"}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

// Done is closed when a server that this process runs has ended, asked or not. It is nil for a server of another process.
func (c *Cluster) Done() <-chan struct{} {
	if c.child == nil {
		return nil
	}
	return c.child.done
}

// Stop shuts the server down cleanly and returns when it is gone. When ctx ends first the server is made to stop, which
// loses nothing but costs the next start a recovery. It does nothing to a server that another process runs.
func (c *Cluster) Stop(ctx context.Context) error {
	if c.child == nil {
		return nil
	}
	defer c.lock.Close()
	return c.child.stop(ctx)
}

// Start runs the cluster that lives in dir, which it makes first when there is none, and returns when it takes connections.
// When another process already runs it, the Cluster leads to that one's server. Without PostgreSQL on the machine it
// installs one. Root changes to the user postgres, or else nobody.
func Start(ctx context.Context, dir string, o Options) (*Cluster, error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		held, err := lock(filepath.Join(dir, "lock"))
		if err != nil {
			return nil, err
		}
		if held != nil {
			c, err := start(ctx, dir, o)
			if err != nil {
				held.Close()
				return nil, err
			}
			c.lock = held
			return c, nil
		}
		// Its holder may be starting or stopping still, so both the lock and the server are tried again.
		if c := attach(ctx, dir); c != nil {
			return c, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("another process holds %s and its server does not answer: %w", dir, ctx.Err())
		}
	}
}

// attach gives the running server of another process, or nil.
func attach(ctx context.Context, dir string) *Cluster {
	server, ok := readPostmaster(filepath.Join(dir, "postgresql", "data"))
	if !ok || !server.ready {
		return nil
	}
	c := &Cluster{socket: server.socket}
	if c.ping(ctx, Database) != nil {
		return nil
	}
	return c
}

// start makes and runs the cluster; the caller holds its lock.
func start(ctx context.Context, dir string, o Options) (*Cluster, error) {
	as, err := serverAccount()
	if err != nil {
		return nil, err
	}
	home, err := homeOf(dir, as)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(home, "data")
	bin, err := choose(ctx, home, data, o)
	if err != nil {
		return nil, err
	}
	if !as.enters(bin.Dir) {
		return nil, fmt.Errorf("user %s cannot run the programs in %s: install PostgreSQL where everybody may enter", as.name, bin.Dir)
	}
	if err := initialize(ctx, bin, home, data, as, o); err != nil {
		return nil, err
	}
	if err := vacate(ctx, data); err != nil {
		return nil, err
	}
	socket, err := socketDir(home, as)
	if err != nil {
		return nil, err
	}
	c := &Cluster{socket: socket}
	if c.child, err = serveSoon(ctx, bin, home, socket, as, o); err != nil {
		return nil, err
	}
	if err := c.ensureDatabase(ctx); err != nil {
		_ = c.child.stop(ctx)
		return nil, err
	}
	return c, nil
}

// choose gives the programs that fit the cluster: those of its own version, or for a new one the newest.
func choose(ctx context.Context, home, data string, o Options) (Binaries, error) {
	raw, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if os.IsNotExist(err) {
		return chooseNew(ctx, home, o)
	}
	if err != nil {
		return Binaries{}, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		return Binaries{}, fmt.Errorf("%s holds a PostgreSQL of version %q", data, raw)
	}
	if o.Binaries.Major == major {
		return o.Binaries, nil
	}
	bin, err := findMajor(major, []string{home})
	if err != nil {
		return bin, fmt.Errorf("the cluster in %s is untouched: %w", data, err)
	}
	return bin, nil
}

func chooseNew(ctx context.Context, home string, o Options) (Binaries, error) {
	if o.Binaries.Dir != "" {
		return o.Binaries, nil
	}
	if bin, err := Find(home); err == nil {
		return bin, nil
	}
	return Install(ctx, home, o.Log)
}
