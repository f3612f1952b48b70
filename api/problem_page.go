package api

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// KindPage is a type of problem as its own address tells it.
type KindPage struct {
	Type    string `json:"type"`
	Title   string `json:"title"`
	Status  int    `json:"status"`
	Means   string `json:"means"`
	Hint    string `json:"hint"`
	Chinese struct {
		Title string `json:"title"`
		Means string `json:"means"`
		Hint  string `json:"hint"`
	} `json:"zh"`
}

func pageOf(code string) (page KindPage, known bool) {
	k, known := kinds[code]
	page.Type, page.Title, page.Status, page.Means, page.Hint = "/problems/"+code, k.title, k.status, k.means, k.hint
	zh := chineseKinds[code]
	page.Chinese.Title, page.Chinese.Means, page.Chinese.Hint = zh.title, zh.means, zh.hint
	return page, known
}

var problemHTML = template.Must(template.New("problem").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Title}}</title>
<h1>{{.Status}} {{.Title}}</h1><p>{{.Means}}</p><p><strong>What to do:</strong> {{.Hint}}</p>
<section lang="zh"><h1>{{.Chinese.Title}}</h1><p>{{.Chinese.Means}}</p><p><strong>处理办法：</strong>{{.Chinese.Hint}}</p></section>
<p><code>{{.Type}}</code></p></html>
`))

// problems serves what a problem's type points to, as a page for people and as JSON for programs that ask for it.
func (d *Door) problems(mux *guardedMux) {
	mux.HandleFunc("GET /problems/{code}", func(w http.ResponseWriter, r *http.Request) {
		page, known := pageOf(r.PathValue("code"))
		if !known {
			raw(w, r, "", nil, notFound("There is no problem "+page.Type+"."))
			return
		}
		w.Header().Set("Vary", "Accept")
		if strings.Contains(r.Header.Get("Accept"), "json") {
			w.Header().Set("Content-Type", "application/json")
			_ = writeJSON(w, page) // the client is gone when this fails
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = problemHTML.Execute(w, page)
	})
}

// ProblemsPage is docs/problems.md: every type of problem with what it means and what to do about it.
func ProblemsPage() string {
	var b strings.Builder
	b.WriteString(`# Problems

Every request that fails is answered with a problem (RFC 9457, ` + "`application/problem+json`" + `). Its ` + "`type`" + ` is stable and is what programs look at;
` + "`title`" + `, ` + "`detail`" + ` and ` + "`hint`" + ` are for people, in English or, with ` + "`Accept-Language: zh`" + `, in Chinese. ` + "`faults`" + ` names everything that is wrong at once: the
JSON ` + "`pointer`" + ` or the ` + "`parameter`" + `, a ` + "`code`" + ` from this list, the English ` + "`message`" + ` and, for a Chinese reader, its ` + "`translation`" + `, and where they apply
` + "`location`, `item`, `lot`, `fund`, `there` and `asked`" + `. ` + "`instance`" + ` is the name of the request in the server's log.

A refused request leaves no trace and its Idempotency-Key stays free. The server serves every type at its own address.
This page is written from the table in api/kinds.go by ` + "`go test ./api -update`" + `.

| status | type | what it means | what to do | 中文 |
|---|---|---|---|---|
`)
	codes := slices.SortedFunc(maps.Keys(kinds), func(a, b string) int {
		return cmp.Or(cmp.Compare(kinds[a].status, kinds[b].status), cmp.Compare(a, b))
	})
	for _, code := range codes {
		k, zh := kinds[code], chineseKinds[code]
		fmt.Fprintf(&b, "| %d | `/problems/%s` | %s. %s | %s | %s。%s |\n", k.status, code, k.title, k.means, k.hint, zh.title, zh.hint)
	}
	return b.String()
}
