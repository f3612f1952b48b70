package pg

import (
	"fmt"
	"slices"
	"testing"
)

// TestPipeLeadsToTheSameServer: pgconn is told what lib/pq understood, whatever the form of the connection string and the defaults of either.
func TestPipeLeadsToTheSameServer(t *testing.T) {
	t.Setenv("PGHOST", "elsewhere")
	for _, c := range []struct{ dsn, want string }{
		{"host=/run/postgresql user=relief dbname=relief", "[/run/postgresql:5432 plain] relief@relief "},
		{"postgres://relief:p%27w%5C%20d@127.0.0.1:6000/book?sslmode=disable", `[127.0.0.1:6000 plain] relief@book p'w\ d`},
		{"host=db1.example,db2.example port=5433,5434 user=u dbname=d sslmode=require target_session_attrs=read-write", "[db1.example:5433 TLS db2.example:5434 TLS] u@d "},
		{"host=db.example user=u dbname=d sslmode=verify-full", "[db.example:5432 TLS for db.example] u@d "},
	} {
		config, err := configure(c.dsn, Options{})
		if err != nil {
			t.Fatal(err)
		}
		lay, err := newPipeline(config, newDialer(0))
		if err != nil {
			t.Fatal(err)
		}
		told := lay.config
		var servers []string
		add := func(host string, port uint16, tls bool, name string) {
			how := "plain"
			if tls {
				how = "TLS"
			}
			if name != "" {
				how += " for " + name
			}
			servers = append(servers, fmt.Sprintf("%s:%d %s", host, port, how))
		}
		name := ""
		if told.TLSConfig != nil && !told.TLSConfig.InsecureSkipVerify {
			name = told.TLSConfig.ServerName
		}
		add(told.Host, told.Port, told.TLSConfig != nil, name)
		for _, f := range told.Fallbacks {
			add(f.Host, f.Port, f.TLSConfig != nil, "")
		}
		got := fmt.Sprintf("%s %s@%s %s", servers, told.User, told.Database, told.Password)
		if got != c.want {
			t.Errorf("%s leads to\n%s, want\n%s", c.dsn, got, c.want)
		}
		if told.RuntimeParams["timezone"] != "UTC" || told.RuntimeParams["application_name"] != "relief" {
			t.Errorf("%s: %v", c.dsn, told.RuntimeParams)
		}
	}
}

func TestPipeKeepsAddresses(t *testing.T) {
	config, err := configure("host=db.example hostaddr=192.0.2.7 user=u dbname=d sslmode=disable options='-c work_mem=8MB'", Options{})
	if err != nil {
		t.Fatal(err)
	}
	lay, err := newPipeline(config, newDialer(0))
	if err != nil {
		t.Fatal(err)
	}
	found, err := lay.config.LookupFunc(t.Context(), "db.example")
	if err != nil || !slices.Equal(found, []string{"192.0.2.7"}) || lay.config.RuntimeParams["options"] != "-c work_mem=8MB" {
		t.Errorf("%v %v %v", found, err, lay.config.RuntimeParams)
	}
}

func TestInlineCertificatesAreRefused(t *testing.T) {
	_, err := Open("host=db.example user=u dbname=d sslmode=verify-full sslinline=true sslrootcert=x", Options{})
	if want := "database connection string: sslinline is not supported, name the files of the certificates"; err == nil || err.Error() != want {
		t.Errorf("says %v, want %s", err, want)
	}
}
