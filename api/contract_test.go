package api_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"reliefledger/api"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The contract is a golden file, so that every change of it is seen by a reader of the change.
func TestContractIsTheGoldenFile(t *testing.T) {
	golden(t, "../openapi/openapi.yaml", api.Contract)
	golden(t, "../openapi/openapi-3.0.yaml", api.Contract30)
}

func golden(t *testing.T, golden string, write func() ([]byte, error)) {
	t.Helper()
	contract, err := write()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, contract, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(contract) != string(want) {
		t.Errorf("%s is not what relief openapi writes: run make generate", golden)
	}
}

// Every operation stands under a noun that the contract explains.
func TestEveryNounIsExplained(t *testing.T) {
	if lacking := api.Untagged(); len(lacking) > 0 {
		t.Errorf("%v have no description: add them to tags in api/tags.go", lacking)
	}
}

// Generators name types of their own beside those of the contract: one for each security scheme, and a few for every handler.
// ogen refused a schema Token beside a scheme token, and wrote Go that does not compile for a schema Request.
func TestSchemasLeaveNamesToGenerators(t *testing.T) {
	c := read[struct {
		Components struct {
			Schemas         map[string]any `json:"schemas"`
			SecuritySchemes map[string]any `json:"securitySchemes"`
		} `json:"components"`
	}](t, serve(t).must("", "GET", "/openapi.json", ""))
	taken := []string{"request", "response", "params", "client", "server", "handler", "option", "invoker"}
	for name := range c.Components.SecuritySchemes {
		taken = append(taken, strings.ToLower(name))
	}
	if len(c.Components.Schemas) < 100 {
		t.Fatalf("%d schemas are read", len(c.Components.Schemas))
	}
	for name := range c.Components.Schemas {
		if slices.Contains(taken, strings.ToLower(name)) {
			t.Errorf("a generator needs the name %s for itself: give the schema another in schemaName", name)
		}
	}
}
