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
	contract, err := api.Contract()
	if err != nil {
		t.Fatal(err)
	}
	const golden = "../openapi/openapi.yaml"
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
		t.Errorf("%s is not what relief openapi writes: run go test ./api -update", golden)
	}
}
