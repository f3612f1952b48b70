package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"reliefledger/internal/pgtest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"relief": main})
}

// Every story runs the program on an empty database of its own.
func TestStories(t *testing.T) {
	stories, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatalf("%d stories, %v", len(stories), err)
	}
	for _, story := range stories {
		dsn := pgtest.Empty(t)
		testscript.Run(t, testscript.Params{
			Files:               []string{story},
			RequireExplicitExec: true,
			Setup: func(env *testscript.Env) error {
				env.Setenv("DATABASE_URL", dsn)
				env.Setenv("HOME", os.TempDir())
				return nil
			},
		})
	}
}
