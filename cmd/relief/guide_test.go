package main

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"reliefledger/internal/pgtest"
)

// TestGuide runs every command of docs/keeper.md in its order: the officer's as another person, and numbers of documents with the year of today.
func TestGuide(t *testing.T) {
	guide, err := os.ReadFile("../../docs/keeper.md")
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	script := &strings.Builder{}
	for text := range strings.Lines(string(guide)) {
		switch {
		case strings.HasPrefix(text, "relief profile"): // the environment names the server
		case strings.HasPrefix(text, "## An officer's day"):
			script.WriteString("env RELIEF_TOKEN=$OFFICER\n")
		case strings.HasPrefix(text, "relief "):
			quoted := strings.ReplaceAll(text, `"`, "'")
			script.WriteString("exec " + strings.ReplaceAll(quoted, "-2023-0", "-"+strconv.Itoa(time.Now().In(zone).Year())+"-0"))
		}
	}
	if n := strings.Count(script.String(), "exec relief"); n < 25 {
		t.Fatalf("the guide has %d commands", n)
	}
	story := t.TempDir() + "/guide.txtar"
	if err := os.WriteFile(story, []byte(script.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	dsn, data := pgtest.Empty(t), t.TempDir()
	server := startServing(t, "--data", data, "--db", dsn)
	token := func(actor, role string) string {
		return strings.TrimSpace(say(t, succeeded, "token", "create", "--db", dsn, "--data", data, "--actor", actor, "--role", role, "--name", "guide"))
	}
	chief, officer := token("chief", "administrator"), token("officer", "finance")
	testscript.Run(t, testscript.Params{
		Files:               []string{story},
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("RELIEF_SERVER", server.url)
			env.Setenv("RELIEF_TOKEN", chief)
			env.Setenv("OFFICER", officer)
			return nil
		},
	})
}
