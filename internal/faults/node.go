package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/lib/pq" // the driver

	"reliefledger/internal/localpg"
)

// superuser owns every cluster; whoever reaches the socket is trusted to be it.
const superuser = "relief"

// engine is a PostgreSQL installation and who it runs as: PostgreSQL refuses root.
type engine struct {
	localpg.Binaries
	as *syscall.Credential
}

func newEngine(ctx context.Context) (engine, error) {
	bin, err := localpg.Find()
	if err != nil {
		return engine{}, fmt.Errorf("%w: install it, or name its programs in RELIEF_PG_BIN", err)
	}
	e := engine{Binaries: bin}
	if os.Geteuid() != 0 {
		return e, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		e.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return e, errors.Join(uidErr, gidErr)
	}
	return e, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to change to")
}

// own gives a file to the account of PostgreSQL.
func (e engine) own(path string) error {
	if e.as == nil {
		return nil
	}
	return os.Lchown(path, int(e.as.Uid), int(e.as.Gid))
}

// makeHome makes an empty directory for a cluster.
func (e engine) makeHome(data string) error {
	return errors.Join(os.Mkdir(data, 0o700), e.own(data))
}

// initialize makes a new cluster in the directory data.
func (e engine) initialize(ctx context.Context, data string) error {
	if err := e.makeHome(data); err != nil {
		return err
	}
	_, err := command(ctx, mortal(e.as, syscall.SIGKILL), e.Path("initdb"), "-D", data, "-U", superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--data-checksums")
	return err
}

// node is one PostgreSQL cluster with full durability, and its server while there is one.
type node struct {
	engine
	*process
	data, socket, log string
	admin             *sql.DB
	private           bool // run by a server for itself: gone when that has stopped
}

// newNode makes a node of a directory; its cluster must be there before start.
func newNode(e engine, dir string) (*node, error) {
	n := &node{engine: e, data: filepath.Join(dir, "data"), socket: filepath.Join(dir, "socket"), log: filepath.Join(dir, "postgres.log")}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if err := errors.Join(os.Mkdir(n.socket, 0o755), e.own(n.socket)); err != nil {
		return nil, err
	}
	return n, n.lead(n.dsn(localpg.Database))
}

// lead lets us into the database of a connection string as its superuser.
func (n *node) lead(dsn string) error {
	var err error
	if n.admin, err = sql.Open("postgres", dsn+"&connect_timeout=5&application_name=faults"); err == nil {
		n.admin.SetMaxIdleConns(0) // none of ours is left over when the connections of others are counted
	}
	return err
}

func (n *node) dsn(database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.User(superuser), Path: "/" + database,
		RawQuery: url.Values{"host": {n.socket}, "port": {"5432"}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

// copyFrom makes the cluster a copy of a stopped one.
func (n *node) copyFrom(ctx context.Context, data string) error {
	_, err := command(ctx, nil, "cp", "-a", data, n.data)
	return err
}

// begin starts the server; await it.
func (n *node) begin() error {
	if err := ignoreGone(os.Remove(filepath.Join(n.data, "postmaster.pid"))); err != nil && !os.IsNotExist(err) {
		return err
	}
	p, err := launch(n.log, mortal(n.as, syscall.SIGQUIT), n.Path("postgres"), "-D", n.data, "-k", n.socket, "-c", "listen_addresses=", "-c", "port=5432",
		"-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on", "-c", "log_min_error_statement=panic")
	if err != nil {
		return err
	}
	n.process = p
	return nil
}

// start starts the server and returns when it answers.
func (n *node) start(ctx context.Context) error {
	if err := n.begin(); err != nil {
		return err
	}
	return await(ctx, time.Minute, func() error {
		if !n.lives() {
			return fmt.Errorf("PostgreSQL ended: %s", lastLines(n.said(0)))
		}
		_, err := n.admin.ExecContext(ctx, "SELECT")
		return err
	})
}

// stop is an orderly shutdown.
func (n *node) stop() error {
	if n.process == nil {
		return nil
	}
	return n.end(syscall.SIGINT, 30*time.Second)
}

// workers are all processes of the server: its backends are not in its process group and outlive it for a moment.
func (n *node) workers() []int {
	links, _ := filepath.Glob("/proc/[0-9]*/cwd") // a malformed pattern is the only error
	var pids []int
	for _, link := range links {
		if cwd, err := os.Readlink(link); err != nil || cwd != n.data {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return pids
}

// signalAll signals every process of the server.
func (n *node) signalAll(s syscall.Signal) error {
	var all error
	for _, pid := range n.workers() {
		all = errors.Join(all, ignoreGone(syscall.Kill(pid, s)))
	}
	return all
}

// crash is kill -9 of the postmaster. Its children notice and go; a new server must not start before the last of them is gone.
func (n *node) crash(ctx context.Context) error {
	if err := n.kill(); err != nil {
		return err
	}
	return await(ctx, 30*time.Second, func() error {
		if left := n.workers(); len(left) > 0 {
			return fmt.Errorf("processes %v of a killed PostgreSQL are left", left)
		}
		return nil
	})
}

// destroy is a power cut: every process of the server is killed at once.
func (n *node) destroy(ctx context.Context) error {
	return errors.Join(n.signalAll(syscall.SIGKILL), n.crash(ctx))
}

// set changes settings of the server for its next start, and for the running one where that is possible.
func (n *node) set(settings ...string) error {
	f, err := os.OpenFile(filepath.Join(n.data, "postgresql.auto.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(strings.Join(settings, "\n") + "\n")
	if err := errors.Join(err, f.Close()); err != nil || n.process == nil {
		return err
	}
	return n.signal(syscall.SIGHUP)
}

func (e engine) has(program string) bool {
	_, err := exec.LookPath(e.Path(program))
	return err == nil
}

// makeDatabase makes an empty database; the server may only be starting.
func (n *node) makeDatabase(ctx context.Context, name string) error {
	db, err := sql.Open("postgres", n.dsn("postgres")+"&connect_timeout=5")
	if err != nil {
		return err
	}
	defer db.Close()
	return await(ctx, time.Minute, func() error {
		_, err := db.ExecContext(ctx, "CREATE DATABASE "+name)
		return err
	})
}
