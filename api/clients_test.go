package api_test

import (
	"os"
	"strings"
	"testing"
)

// The types are made by a tool that needs a network, so a test only sees that none is missing.
func TestTypesKnowEveryOperation(t *testing.T) {
	types, err := os.ReadFile("../openapi/relief.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	for id := range serve(t).operations() {
		if !strings.Contains(string(types), "\n    "+id+": {") && !strings.Contains(string(types), "\n    \""+id+"\": {") {
			t.Errorf("openapi/relief.d.ts does not know %s: run make types", id)
		}
	}
}
