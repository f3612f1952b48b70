package api

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed docs
var docsFiles embed.FS

// docsPolicy lets the page load and call this server only. Swagger UI writes style attributes and holds its icons in itself.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// docs serves the contract as a page to read and to try, without a network: everything it needs is in the program.
func (d *Door) docs(mux *guardedMux) {
	mux.HandleFunc("GET /docs", func(w http.ResponseWriter, r *http.Request) { d.docsFile(w, r, "index.html") })
	for _, name := range []string{"start.js", "swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE"} {
		mux.HandleFunc("GET /docs/"+name, func(w http.ResponseWriter, r *http.Request) { d.docsFile(w, r, name) })
	}
}

func (d *Door) docsFile(w http.ResponseWriter, r *http.Request, name string) {
	h := w.Header()
	h.Set("Content-Type", fileType(name))
	h.Set("Content-Security-Policy", docsPolicy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache") // a new version of the server has a new page
	if body, err := docsFiles.ReadFile("docs/" + name); err == nil {
		_, _ = w.Write(body) // the client is gone when this fails
		return
	}
	packed, err := docsFiles.ReadFile("docs/" + name + ".gz")
	if err != nil {
		raw(w, r, "", nil, err)
		return
	}
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed)
		return
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		raw(w, r, "", nil, err)
		return
	}
	_, _ = io.Copy(w, unpacked)
}

func fileType(name string) string {
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "text/plain; charset=utf-8"
}
