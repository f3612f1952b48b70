package pg

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// pipeline says where the pipes of a pool lead to: where its connections do. pgconn signs in, and leaves the messages to us.
type pipeline struct {
	config *pgconn.Config
}

// newPipeline says to pgconn, in its words, what lib/pq was told. Both know the words of libpq, but not the same default for each.
func newPipeline(config pq.Config, dialer *dialer) (*pipeline, error) {
	if config.SSLInline {
		return nil, errors.New("database connection string: sslinline is not supported, name the files of the certificates")
	}
	var hosts, ports []string
	addresses := map[string]netip.Addr{}
	for _, h := range append([]pq.ConfigMultihost{{Host: config.Host, Hostaddr: config.Hostaddr, Port: config.Port}}, config.Multi...) {
		hosts, ports = append(hosts, h.Host), append(ports, strconv.Itoa(int(h.Port)))
		if h.Hostaddr.IsValid() {
			addresses[h.Host] = h.Hostaddr
		}
	}
	words := []string{
		"host", strings.Join(hosts, ","), "port", strings.Join(ports, ","), "user", config.User, "dbname", config.Database,
		"password", config.Password, "passfile", config.Passfile, "sslmode", string(config.SSLMode), "sslnegotiation", string(config.SSLNegotiation),
		"sslcert", config.SSLCert, "sslkey", config.SSLKey, "sslrootcert", config.SSLRootCert, "target_session_attrs", string(config.TargetSessionAttrs),
	}
	if !config.SSLSNI {
		words = append(words, "sslsni", "0")
	}
	text := &strings.Builder{}
	for i := 0; i < len(words); i += 2 {
		if words[i+1] != "" {
			fmt.Fprintf(text, "%s='%s' ", words[i], strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(words[i+1]))
		}
	}
	told, err := pgconn.ParseConfig(strings.TrimSpace(text.String()))
	if err != nil {
		return nil, fmt.Errorf("database connection string: %w", err)
	}
	told.ConnectTimeout, told.DialFunc = config.ConnectTimeout, dialer.DialContext
	told.LookupFunc = func(ctx context.Context, host string) ([]string, error) {
		if address, known := addresses[host]; known {
			return []string{address.String()}, nil
		}
		return net.DefaultResolver.LookupHost(ctx, host)
	}
	told.RuntimeParams = maps.Clone(config.Runtime)
	told.RuntimeParams["application_name"], told.RuntimeParams["client_encoding"] = config.ApplicationName, "UTF8"
	if config.Options != "" {
		told.RuntimeParams["options"] = config.Options
	}
	return &pipeline{told}, nil
}

// dial connects and signs in.
func (l *pipeline) dial(ctx context.Context, settings map[string]string) (*pgconn.HijackedConn, error) {
	config := l.config.Copy()
	maps.Copy(config.RuntimeParams, settings)
	c, err := pgconn.ConnectConfig(ctx, config)
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return nil, &pq.Error{Severity: refused.Severity, Code: pqerror.Code(refused.Code), Message: refused.Message, Detail: refused.Detail, Hint: refused.Hint}
	}
	if err != nil && ctx.Err() == nil {
		// Its own limit of time is a network that does not answer, not a caller who has no more time.
		return nil, fmt.Errorf("%w (%v)", driver.ErrBadConn, err)
	}
	if err != nil {
		return nil, err
	}
	return c.Hijack()
}
