package api_test

import (
	"regexp"
	"strings"
	"testing"
)

var elsewhere = regexp.MustCompile(`(?i)(src|href|url)\s*[=:(]\s*["']?(https?:)?//`)

// The page works without a network, and nothing of it may call anybody else.
func TestDocsPageIsOffline(t *testing.T) {
	h := serve(t)
	page := h.must("", "GET", "/docs", "")
	if got := page.header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") || strings.Contains(got, "http") || strings.Contains(got, "unsafe-eval") {
		t.Errorf("policy: %q", got)
	}
	loaded := regexp.MustCompile(`(?:src|href)="(/[^"]+)"`).FindAllStringSubmatch(page.body, -1)
	if len(loaded) < 4 {
		t.Errorf("the page loads %v", loaded)
	}
	for _, file := range loaded {
		for _, encoding := range []string{"gzip", "identity"} {
			a := h.must("", "GET", file[1], "", "Accept-Encoding: "+encoding)
			if len(a.body) == 0 || a.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s as %s: %d bytes", file[1], encoding, len(a.body))
			}
			if packed := a.header.Get("Content-Encoding") == "gzip"; packed && encoding != "gzip" {
				t.Errorf("%s is packed for whoever cannot unpack it", file[1])
			}
		}
	}
	for name, text := range map[string]string{"page": page.body, "start.js": h.must("", "GET", "/docs/start.js", "").body, "css": h.must("", "GET", "/docs/swagger-ui.css", "").body} {
		if found := elsewhere.FindString(text); found != "" {
			t.Errorf("%s points elsewhere: %s", name, found)
		}
	}
	if !strings.Contains(h.must("", "GET", "/docs/start.js", "").body, "validatorUrl: null") {
		t.Error("the document would be sent to a validator")
	}
}
