package warehouse_test

import (
	"strings"
	"testing"

	"reliefledger/internal/pgtest"
	"reliefledger/warehouse"
)

// credit makes a credit code out of its first 17 characters, so that no real organisation's code is written down here.
func credit(first17 string) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	sum, weight := 0, 1
	for _, r := range first17 {
		sum += strings.IndexRune(alphabet, r) * weight
		weight = weight * 3 % 31
	}
	return first17 + string(alphabet[(31-sum%31)%31])
}

func TestParties(t *testing.T) {
	keeper := warehouse.NewKeeper(pgtest.Book(t), pgtest.Now)
	create := func(kind, code string) error {
		_, err := keeper.Parties.Create(t.Context(), "keeper", warehouse.Party{Code: "S-01", Name: "纺织厂", Kind: kind, CreditCode: code})
		return err
	}
	right := credit("92510000MA0000000")
	wrong := func(code string) string {
		return `invalid /credit_code credit code "` + code + `" is not 18 characters with a true check character (GB 32100)`
	}
	swapped := right[:3] + "01" + right[5:]
	for _, code := range []string{swapped, strings.ToLower(right), right[:17], right + "0", "92510000MI0000000" + right[17:], strings.Repeat("被", 6)} {
		wantFaults(t, code, create(warehouse.Supplier, code), wrong(code))
	}
	wantFaults(t, "kind", create("friend", ""), `invalid /kind kind "friend" is none of supplier, donor, carrier, organisation`)
	wantFaults(t, "right", create(warehouse.Supplier, right))
	wantFaults(t, "other kind", create(warehouse.Donor, ""), "already-done /code party S-01 is in the register with other credit_code, kind")
}

func TestACreditCodeMadeElsewhere(t *testing.T) {
	// The usual sample code, so that the rule does not only agree with this test's own arithmetic.
	keeper := warehouse.NewKeeper(pgtest.Book(t), pgtest.Now)
	_, err := keeper.Parties.Create(t.Context(), "keeper", warehouse.Party{Code: "S-01", Name: "Example", Kind: warehouse.Supplier, CreditCode: "91350100M000100Y43"})
	wantFaults(t, "example", err)
}
