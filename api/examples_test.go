package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"reliefledger/auth"
	"reliefledger/report"
)

// contract is the part of the OpenAPI document that tests look at.
type contract struct {
	Paths      map[string]map[string]contractOperation `json:"paths"`
	Components struct {
		Schemas map[string]contractSchema `json:"schemas"`
	} `json:"components"`
}

// contractSchema is as much of a schema as says which members a body has.
type contractSchema struct {
	Ref        string                    `json:"$ref"`
	Properties map[string]contractSchema `json:"properties"`
	Items      *contractSchema           `json:"items"`
}

type contractOperation struct {
	ID          string                `json:"operationId"`
	Summary     string                `json:"summary"`
	Description string                `json:"description"`
	Tags        []string              `json:"tags"`
	Security    []map[string][]string `json:"security"`
	Parameters  []struct {
		Name        string `json:"name"`
		In          string `json:"in"`
		Description string `json:"description"`
	} `json:"parameters"`
	RequestBody *struct {
		Content map[string]struct {
			Example json.RawMessage `json:"example"`
			Schema  contractSchema  `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Description string                     `json:"description"`
		Content     map[string]json.RawMessage `json:"content"`
	} `json:"responses"`
}

func (h *house) contract() contract {
	h.t.Helper()
	return read[contract](h.t, h.must("", "GET", "/openapi.json", ""))
}

// campaignStory is the order in which the examples of the contract make sense, with what fills their paths and headers.
var campaignStory = []string{
	"create-item", "create-fund", "create-party", "create-location", "create-campaign",
	"change-item QUILT", "change-fund WINTER-23", "change-party S-01", "change-location PT-0031", "change-campaign COLD-23",
	"record-contribution", "plan-budget", "change-budget BG-WINTER-23-2023-00001", "order-goods", "order-goods-in-bulk", "receive-goods", "receive-goods-in-bulk", "record-invoice", "record-freight", "close-purchase PO-WINTER-23-2023-00001", "dispatch-goods",
	"arrive-goods WB-ST-5101-01-2023-00001", "recall-goods WB-ST-5101-01-2023-00001", "settle-claim",
	"hand-out-goods", "hand-out-goods-in-bulk", "take-back-goods HO-PT-0031-2023-00001", "pay", "pay-in-bulk", "use-another-fund", "record-bank-statement", "match-bank-lines", "match-bank-lines-in-bulk",
	"record-activity", "record-activities-in-bulk", "propose-write-off", "approve-write-off WO-PT-0031-2024-00001",
	"give-grant", "make-token", "make-pseudonym", "keep-person P-1", "look-at-person P-1", "find-persons", "erase-person P-1",
	"count-goods", "approve-count CN-PT-0031-2024-00001", "assemble-kits",
	"ask-for-goods", "reserve-goods RQ-PT-0031-2024-00001", "release-goods RQ-PT-0031-2024-00001", "close-request RQ-PT-0031-2024-00001",
}

// tell makes the places above the station and the parties that the examples name, then sends the examples.
func (h *house) tell() {
	h.t.Helper()
	for path, bodies := range map[string][]string{
		"/v1/items": {`{"code":"KIT","name":"御寒套件","name_en":"Winter kit","unit":"套","category":"other"}`},
		"/v1/locations": {
			`{"code":"51","name":"四川省","kind":"province"}`, `{"code":"5101","name":"成都市","kind":"prefecture","parent":"51"}`,
			`{"code":"ST-5101-01","name":"成都市救助管理站","kind":"station","parent":"5101"}`,
		},
		"/v1/parties": {`{"code":"D-01","name":"省民政厅","kind":"donor"}`, `{"code":"C-01","name":"顺路物流","kind":"carrier"}`},
		"/v1/funds":   {`{"code":"CITY-GIFT","name":"市慈善捐赠"}`},
	} {
		for _, body := range bodies {
			h.must(auth.Administrator, "POST", path, body)
		}
	}
	operations := h.operations()
	for _, step := range campaignStory {
		id, argument, _ := strings.Cut(step, " ")
		h.sendExample(operations[id], argument)
	}
}

type located struct {
	contractOperation
	method, path string
}

func (h *house) operations() map[string]located {
	all := map[string]located{}
	for path, methods := range h.contract().Paths {
		for method, op := range methods {
			all[op.ID] = located{op, strings.ToUpper(method), path}
		}
	}
	return all
}

func (h *house) sendExample(op located, argument string) {
	h.t.Helper()
	path := strings.NewReplacer("{code}", argument, "{document}", argument, "{pseudonym}", argument).Replace(op.path)
	as := auth.Administrator
	if op.ID == "approve-write-off" || op.ID == "approve-short-closing" || op.ID == "approve-count" || op.ID == "agree-to-reopening" {
		as = auth.Finance // the rules ask for another person
	}
	h.must(as, op.method, path, string(op.RequestBody.Content["application/json"].Example), "Idempotency-Key: "+op.ID, `If-Match: "v1"`)
}

// endings are the examples that would end the story, taken on a book of their own.
func endings(t *testing.T) (ends []string, other *house) {
	t.Helper()
	other = serve(t)
	operations := other.operations()
	other.furnish()
	other.post("/v1/receipts", "early", strings.Replace(tenQuilts, "2024-03-01", "2023-12-01", 1))
	other.post("/v1/handouts", "early handout", strings.Replace(handout("1"), "2024-03-02", "2023-12-02", 1))
	other.sendExample(operations["reverse-entry"], "")
	other.post("/v1/transfers", "early transfer", `{"from":"ST-5101-01","to":"PT-0031","on":"2023-12-03","lines":[{"item":"QUILT","quantity":"4"}]}`)
	other.post("/v1/transfers", "lost transfer", `{"from":"ST-5101-01","to":"PT-0031","on":"2023-12-03","lines":[{"item":"QUILT","quantity":"2"}]}`)
	ends = []string{"reverse-entry", "propose-short-closing", "approve-short-closing SP-ST-5101-01-2023-00001", "close-transfer-short WB-ST-5101-01-2023-00001", "close-point PT-0031", "close-period", "propose-reopening", "agree-to-reopening"}
	for _, step := range ends[1:] {
		id, argument, _ := strings.Cut(step, " ")
		other.sendExample(operations[id], argument)
	}
	return ends, other
}

func TestExamplesAreTaken(t *testing.T) {
	h := serve(t)
	h.tell()
	operations := h.operations()
	ends, _ := endings(t)
	told := slices.Concat(campaignStory, ends)
	for id, op := range operations {
		if op.RequestBody != nil && !slices.ContainsFunc(told, func(step string) bool { return strings.Split(step, " ")[0] == id }) {
			t.Errorf("nobody sends the example of %s", id)
		}
	}
}

// Every list shows what the story made, and what a list names can be read.
func TestDocumentsAreListed(t *testing.T) {
	h := serve(t)
	h.tell()
	for path, want := range map[string]int{
		"/v1/receipts": 2, "/v1/receipts?kind=in-kind": 1, "/v1/receipts?under=5101&fund=WINTER-23": 1, "/v1/receipts?from=2023-11-05": 1, "/v1/receipts?to=2023-11-04": 1,
		"/v1/transfers": 1, "/v1/transfers?open=true": 0, "/v1/transfers?receiver=PT-0031": 1, "/v1/handouts": 3, "/v1/handouts?campaign=COLD-23&action=PATROL": 1,
		"/v1/handouts?location=ST-5101-01": 0, "/v1/handouts?actor=nobody": 0, "/v1/handouts?known_at=9": 0, "/v1/write-offs": 2, "/v1/write-offs?act=approval": 1,
		"/v1/counts": 2, "/v1/counts?act=count": 1, "/v1/counts?under=5101": 2, "/v1/counts?location=ST-5101-01": 0,
		"/v1/kits": 1, "/v1/kits?item=KIT&fund=WINTER-23&location=ST-5101-01": 1, "/v1/kits?under=5101": 1, "/v1/kits?item=QUILT": 0,
		"/v1/requests": 1, "/v1/requests?state=closed&sender=ST-5101-01&receiver=PT-0031&item=QUILT&needed_until=2024-01-15&campaign=COLD-23&under=5101": 1,
		"/v1/requests?state=open": 0, "/v1/requests?item=KIT": 0, "/v1/requests?needed_until=2024-01-14": 0, "/v1/requests?under=ST-5101-01": 1,
		"/v1/contributions": 1, "/v1/invoices?party=S-01": 1, "/v1/freights": 1, "/v1/payments": 3, "/v1/payments?kind=supplier": 1, "/v1/interfunds?taker=CITY-GIFT": 1,
		"/v1/purchases": 2, "/v1/purchases?open=true": 1, "/v1/purchases?party=S-01&fund=WINTER-23&budget=QUILTS": 2, "/v1/budgets": 1, "/v1/budgets?fund=WINTER-23&reference=CBS-2023-118": 1, "/v1/budgets?fund=CITY-GIFT": 0, "/v1/claims": 1, "/v1/bank-statements": 1, "/v1/bank-statements?account=bank:CCB-01&reference=2023-12": 1, "/v1/bank-statements?account=bank:CCB-02": 0, "/v1/bank-matches": 2, "/v1/bank-matches?account=bank:CCB-01": 2, "/v1/activities": 2, "/v1/reversals": 0, "/v1/periods": 0,
	} {
		page := read[report.DocumentPage[report.Listed]](t, h.must(auth.Auditor, "GET", path, ""))
		if len(page.Documents) != want {
			t.Errorf("%s lists %d documents, %d wanted", path, len(page.Documents), want)
		}
		noun, _, _ := strings.Cut(path, "?")
		for _, d := range page.Documents {
			if strings.HasPrefix(d.Document, "WA-") || strings.HasPrefix(d.Document, "CA-") {
				continue // a write-off or a count is read by its proposal
			}
			if a := h.must(auth.Auditor, "GET", noun+"/"+d.Document, ""); !strings.Contains(a.body, fmt.Sprintf(`"entry":%d,`, d.Entry)) {
				t.Errorf("%s: %s", d.Document, a.body)
			}
		}
	}
	for _, noun := range []string{"payments", "budgets", "purchases", "invoices", "contributions", "freights", "interfunds", "claims", "bank-statements", "bank-matches", "activities", "reversals"} {
		if p := h.call(auth.Auditor, "GET", "/v1/"+noun+"/NONE-1", "").problem(t); p.Status != 404 {
			t.Errorf("%s: %+v", noun, p)
		}
	}
	if a := h.must(auth.Auditor, "GET", "/v1/activities", ""); !strings.Contains(a.body, `"measures":[{"measure":"patrol-staff","unit":"person-times","quantity":"12"}`) {
		t.Errorf("activities: %s", a.body)
	}
	if a := h.must(auth.Auditor, "GET", "/v1/purchases/PO-WINTER-23-2023-00001", ""); !strings.Contains(a.body,
		`"value":"4053.00","committed":"0.00","invoiced":"3860.00","lines":[{"item":"QUILT","quantity":"42","value":"4053.00","received":"40","invoiced":"40","open":"2"}]`) {
		t.Errorf("purchases: %s", a.body)
	}
	if a := h.must(auth.Auditor, "GET", "/v1/payments?kind=supplier", ""); !strings.Contains(a.body, `"amount":"3860.00"`) {
		t.Errorf("payments: %s", a.body)
	}
}

// A list is read to its end in either order, page by page, and nothing is shown twice or left out.
func TestListsAreReadPageByPage(t *testing.T) {
	h := serve(t)
	h.tell()
	for _, order := range []string{"oldest", "newest"} {
		seen := map[int64]bool{}
		var numbers []int64
		for next := int64(0); ; {
			page := read[report.DocumentPage[report.Listed]](t, h.must(auth.Auditor, "GET", fmt.Sprintf("/v1/payments?order=%s&limit=2&after=%d", order, next), ""))
			for _, d := range page.Documents {
				seen[d.Entry], numbers = true, append(numbers, d.Entry)
			}
			if next = page.Next; next == 0 {
				break
			}
		}
		if len(numbers) != 3 || len(seen) != 3 || slices.IsSorted(numbers) != (order == "oldest") {
			t.Errorf("%s: %v", order, numbers)
		}
	}
}

// The contract is what people read: every operation says in sentences what it does, who may, what may go wrong, and shows a body.
func TestContractIsComplete(t *testing.T) {
	h := serve(t)
	operations := h.operations()
	for _, id := range slices.Sorted(maps.Keys(operations)) {
		op := operations[id]
		if op.Summary == "" || !strings.Contains(op.Description, ".") || len(op.Tags) != 1 || op.Security == nil {
			t.Errorf("%s: summary %q, description %q, tags %v, security %v", id, op.Summary, op.Description, op.Tags, op.Security)
		}
		if op.RequestBody != nil && len(op.RequestBody.Content["application/json"].Example) == 0 {
			t.Errorf("%s shows no example of its body", id)
		}
		for _, p := range op.Parameters {
			if p.Description == "" && p.Name != "If-Match" {
				t.Errorf("%s: parameter %s is not described", id, p.Name)
			}
		}
		problems := 0
		for status, r := range op.Responses {
			if r.Description == "" {
				t.Errorf("%s: answer %s is not described", id, status)
			}
			if status >= "400" {
				problems++
				if _, is := r.Content["application/problem+json"]; !is {
					t.Errorf("%s: answer %s is no problem", id, status)
				}
			}
		}
		if problems == 0 {
			t.Errorf("%s never fails", id)
		}
	}
}
