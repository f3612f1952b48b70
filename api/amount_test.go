package api_test

import (
	"regexp"
	"strings"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
)

var (
	amounts = regexp.MustCompile(`"(?:[a-z_]*value|amount|committed|difference)":"([^"]*)"`)
	inFull  = regexp.MustCompile(`^-?[0-9]+\.[0-9]{2}$`)
)

// Money is written with the decimals of the currency, in every document and in every list.
func TestAmountsHaveTheDecimalsOfTheCurrency(t *testing.T) {
	h := serve(t)
	h.tell()
	seen := map[string]int{}
	check := func(id, body string) {
		for _, found := range amounts.FindAllStringSubmatch(body, -1) {
			seen[id]++
			if !inFull.MatchString(found[1]) {
				t.Errorf("%s writes %s", id, found[0])
			}
		}
	}
	documents := read[api.Journal](t, h.must(auth.Auditor, "GET", "/v1/entries?limit=200", "")).Entries
	for id, op := range h.operations() {
		switch {
		case op.method != "GET" || len(op.Security) == 0:
		case strings.HasSuffix(op.path, "/{document}"):
			for _, e := range documents {
				if a := h.call(auth.Auditor, "GET", strings.Replace(op.path, "{document}", e.Document, 1), ""); e.Document != "" && a.status == 200 {
					check(id, a.body)
				}
			}
		case strings.HasPrefix(id, "list-") && !strings.Contains(op.path, "{"):
			if a := h.call(auth.Administrator, "GET", op.path, ""); a.status == 200 {
				check(id, a.body)
			}
		}
	}
	for _, id := range []string{"read-receipt", "read-transfer", "read-handout", "read-kits", "read-purchase", "read-document", "list-payments", "list-kits"} {
		if seen[id] == 0 {
			t.Errorf("%s shows no amount", id)
		}
	}
	lots := h.must(auth.Auditor, "GET", "/v1/receipts/GR-ST-5101-01-2023-00001", "").body
	if !strings.Contains(lots, `"quantity":"40"`) || !strings.Contains(lots, `"value":"3860.00"`) {
		t.Errorf("40 quilts at 96.50 each: %s", lots)
	}
}
