package api_test

import (
	"os"
	"strings"
	"testing"

	"reliefledger/api"
	"reliefledger/auth"
)

func TestProblemsAreListed(t *testing.T) {
	const golden = "../docs/problems.md"
	if *update {
		if err := os.WriteFile(golden, []byte(api.ProblemsPage()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(golden)
	if err != nil || string(got) != api.ProblemsPage() {
		t.Errorf("%s is not what the table says: run go test ./api -update (%v)", golden, err)
	}
}

func TestProblemsHavePages(t *testing.T) {
	h := serve(t)
	page := h.must("", "GET", "/problems/insufficient", "", "Accept: text/html")
	if !strings.Contains(page.body, "数量或余额不足") || !strings.Contains(page.header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%v %s", page.header, page.body)
	}
	if a := h.must("", "GET", "/problems/insufficient", "", "Accept: application/json"); read[api.KindPage](t, a).Status != 409 {
		t.Errorf("%s", a.body)
	}
	if p := h.call("", "GET", "/problems/none", "").problem(t); p.Status != 404 {
		t.Errorf("%+v", p)
	}
}

func TestProblemsInChinese(t *testing.T) {
	h := serve(t)
	h.furnish()
	a := h.call(auth.Coordinator, "POST", "/v1/handouts", handout("11"), "Idempotency-Key: zh", "Accept-Language: zh-CN,zh;q=0.9")
	p := a.problem(t)
	if p.Title != "数量或余额不足" || p.Detail != "stock:ST-5101-01 只有 10 的 QUILT，需要 11" || p.Faults[0].Message != "stock:ST-5101-01 holds 10 of QUILT, 11 wanted" || a.header.Get("Content-Language") != "zh" {
		t.Errorf("%s", a.body)
	}
	if p := h.call("", "GET", "/v1/nothing", "", "Accept-Language: zh").problem(t); p.Title != "没有这样的内容" {
		t.Errorf("%+v", p)
	}
	missing := h.call(auth.Coordinator, "POST", "/v1/handouts", `{"people":1,"lines":[{"item":"QUILT"}]}`, "Idempotency-Key: m", "Accept-Language: zh").problem(t)
	var said []string
	for _, f := range missing.Faults {
		said = append(said, f.Pointer+" "+f.Said)
	}
	if got := strings.Join(said, ", "); got != "/lines/0/quantity 缺少必填项“quantity”, /location 缺少必填项“location”" && got != "/location 缺少必填项“location”, /lines/0/quantity 缺少必填项“quantity”" {
		t.Errorf("missing: %s", got)
	}
	bulk := read[api.BulkAnswer](t, h.must(auth.Coordinator, "POST", "/v1/handouts/bulk", `{"mode":"each","lines":[`+handout("11")+`]}`, "Idempotency-Key: b", "Accept-Language: zh"))
	if bulk.Results[0].Problem.Title != "数量或余额不足" {
		t.Errorf("%+v", bulk.Results[0].Problem)
	}
}
