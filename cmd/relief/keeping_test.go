package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"reliefledger/internal/pgtest"
)

// Every story of keepers and officers runs against a served book of its own, with tokens for three people. The people know what the help says
// and nothing else.
func TestKeeperStories(t *testing.T) {
	stories, err := filepath.Glob("testdata/keeper/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatalf("%d stories, %v", len(stories), err)
	}
	for _, story := range stories {
		dsn, data := pgtest.Empty(t), t.TempDir()
		server := startServing(t, "--data", data, "--db", dsn, "--persons-db", dsn, "--persons-secret", filepath.Join(data, "persons.secret"))
		testscript.Run(t, testscript.Params{
			Files:               []string{story},
			RequireExplicitExec: true,
			Setup: func(env *testscript.Env) error {
				env.Setenv("URL", server.url)
				env.Setenv("DSN", dsn)
				env.Setenv("DATA", data)
				env.Setenv("HOME", env.WorkDir)
				env.Setenv("LANG", "C.UTF-8")
				for person, role := range map[string]string{"keeper": "keeper", "officer": "finance", "chief": "administrator"} {
					token := strings.TrimSpace(say(t, succeeded, "token", "create", "--db", dsn, "--data", data, "--actor", person, "--role", role, "--name", "story"))
					env.Setenv(strings.ToUpper(person), token)
					if err := os.WriteFile(filepath.Join(env.WorkDir, person+".token"), []byte(token+"\n"), 0o600); err != nil {
						return err
					}
				}
				return nil
			},
		})
	}
}
