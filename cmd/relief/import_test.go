package main

import (
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"reliefledger/internal/pgtest"
)

// The stories of tables run against a served book of their own, because they count its documents.
func TestTableStories(t *testing.T) {
	dsn, data := pgtest.Empty(t), t.TempDir()
	server := startServing(t, "--data", data, "--db", dsn)
	token := func(actor, role string) string {
		return strings.TrimSpace(say(t, succeeded, "token", "create", "--db", dsn, "--data", data, "--actor", actor, "--role", role, "--name", "story"))
	}
	people := map[string]string{"KEEPER": token("li-na", "keeper"), "OFFICER": token("wang-wei", "finance")}
	chief := token("chen-jing", "administrator")
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/tables",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			for name, value := range people {
				env.Setenv(name, value)
			}
			env.Setenv("URL", server.url)
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("LANG", "C.UTF-8")
			env.Setenv("DSN", dsn)
			env.Setenv("DATA", data)
			return os.WriteFile(env.WorkDir+"/chief.token", []byte(chief+"\n"), 0o600)
		},
	})
}
