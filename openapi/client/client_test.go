package client_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestClientIsMadeFromTheContract: a client of yesterday's contract compiles, and fails in the field.
func TestClientIsMadeFromTheContract(t *testing.T) {
	t.Parallel()
	made := filepath.Join(t.TempDir(), "client.gen.go")
	c := exec.CommandContext(t.Context(), "go", "tool", "-modfile=tools/go.mod", "oapi-codegen",
		"-config", "openapi/client/oapi-codegen.yaml", "-o", made, "openapi/openapi.yaml")
	c.Dir = filepath.Join("..", "..")
	if said, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	want, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("client.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("client.gen.go is not what openapi/openapi.yaml gives: run make clients")
	}
}
