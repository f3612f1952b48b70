package main

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"sync"
	"time"
)

// secure refuses settings that would show a token or the book's state to a network. Nothing has been started or written when it does.
func (o serving) secure() error {
	if err := o.checkCertificate(); err != nil {
		return err
	}
	if !loopback(o.listen) && o.cert == "" && !o.behindProxy {
		return misconfigured(fmt.Sprintf("requests to %s would not be encrypted, and every one of them carries a token", mask(o.listen)),
			"--tls-cert and --tls-key encrypt them here; --behind-tls-proxy says that a proxy before this server does; --listen 127.0.0.1:8080 stays on this machine")
	}
	if o.metrics != "" && !loopback(o.metrics) {
		return misconfigured(fmt.Sprintf("metrics on %s would be shown to everybody who reaches it", mask(o.metrics)),
			"--metrics-listen 127.0.0.1:9464 stays on this machine; from elsewhere scrape /metrics of the API with an auditor's token")
	}
	return o.checkCollector()
}

func (o serving) checkCollector() error {
	u, err := url.Parse(o.collector)
	if err == nil && u.Scheme == "http" && !loopback(net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "80"))) {
		return misconfigured(fmt.Sprintf("spans would travel to %s in the clear", u.Host), "--otlp-endpoint with https, or a collector on this machine that sends them on")
	}
	return nil
}

func (o serving) checkCertificate() error {
	switch {
	case o.cert == "" && o.key == "":
		return nil
	case o.cert == "" || o.key == "":
		return misconfigured("TLS needs both --tls-cert and --tls-key, one was given", "")
	}
	if err := noneOfOthers(o.key); err != nil {
		return err
	}
	_, err := tls.LoadX509KeyPair(o.cert, o.key)
	return err
}

// errMisconfigured marks settings that are refused as they stand.
var errMisconfigured = errors.New("refused to start")

// errNotReady says that a server does not answer, or cannot post now.
var errNotReady = errors.New("the server is not ready")

func misconfigured(what, hint string) error {
	return hinted{fmt.Errorf("%w: %s", errMisconfigured, what), hint}
}

// loopback reports whether an address to listen on is reached from this machine only.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// certificate is a pair of files that is read again when it was renewed, so that a renewal needs no restart.
type certificate struct {
	cert, key string

	mu     sync.Mutex
	pair   *tls.Certificate
	readAt time.Time // modification time of the certificate that was read
}

// of is tls.Config's GetCertificate. A renewal that cannot be read leaves the old pair in use: it may be half copied.
func (c *certificate) of(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Stat(c.cert)
	if err == nil && !info.ModTime().Equal(c.readAt) {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(c.cert, c.key); err == nil {
			c.pair, c.readAt = &pair, info.ModTime()
		}
	}
	if c.pair != nil {
		return c.pair, nil
	}
	return nil, err
}

// scheme is how the server is called from outside this process.
func (o serving) scheme() string {
	if o.cert == "" {
		return "http"
	}
	return "https"
}

// serve answers on the listener until the server is stopped, over TLS when a certificate is configured.
func (o serving) serve(server *http.Server, listener net.Listener) error {
	if o.cert == "" {
		return server.Serve(listener)
	}
	pair := &certificate{cert: o.cert, key: o.key}
	server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.of}
	answers := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Strict-Transport-Security", "max-age=31536000") // a year: who came here encrypted must not be led back
		answers.ServeHTTP(w, r)
	})
	return server.ServeTLS(listener, "", "")
}
