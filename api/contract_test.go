package api_test

import (
	"flag"
	"os"
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
