package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"reliefledger/internal/pgtest"
)

// fetch answers with the status and the text of one question.
func fetch(t *testing.T, client *http.Client, url, token string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

const oneGift = `{"fund":"GIFT","kind":"gift","party":"D-1","bank":"ICBC","amount":"1.00"}`

// gift books one contribution, the first with what it needs, and answers with an administrator's token.
func gift(t *testing.T, s *served) string {
	t.Helper()
	token := s.out.hear(t, `\n  (rl_\S+)\n`, nil)
	s.call(token, "POST", "/v1/funds", `{"code":"GIFT","name":"社会捐赠"}`, "")
	s.call(token, "POST", "/v1/parties", `{"code":"D-1","name":"捐赠人","kind":"donor"}`, "")
	s.call(token, "POST", "/v1/contributions", oneGift, "k")
	return token
}

// Metrics are for whoever watches, on this machine without a token; the audit log tells who knocked and holds no secret.
func TestWatching(t *testing.T) {
	data, audit := t.TempDir(), filepath.Join(t.TempDir(), "audit.log")
	dsn := pgtest.Empty(t)
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := probe.Addr().String()
	probe.Close()
	s := startServing(t, "--data", data, "--db", dsn, "--audit-log", audit, "--metrics-listen", address)
	token := gift(t, s)
	keeper := strings.TrimSpace(say(t, succeeded, "token", "create", "--actor", "li-na", "--role", "keeper", "--name", "x", "--data", data, "--db", dsn, "--audit-log", audit))
	for _, c := range []struct {
		url, token string
		status     int
	}{
		{s.url + "/metrics", "", 401},
		{s.url + "/metrics", "hunter2", 401},
		{s.url + "/metrics", keeper, 403},
		{s.url + "/metrics", token, 200},
		{s.url + "/v1/stock", "rl_" + strings.Split(token, "_")[1] + "_WRONGWRONGWRONGWRONGWRONG0", 401},
		{"http://" + address + "/metrics", "", 200},
		{"http://" + address + "/v1/stock", "", 404},
		{s.url + "/readyz", "", 200},
	} {
		status, text := fetch(t, http.DefaultClient, c.url, c.token)
		if status != c.status {
			t.Errorf("%s: %d, %d wanted: %.300s", c.url, status, c.status, text)
		}
		if status == 200 && strings.HasSuffix(c.url, "/metrics") && !strings.Contains(text, `relief_answers_total{kind="contribution",result="posted"} 1`) {
			t.Errorf("metrics: %s", text)
		}
	}
	t.Setenv("RELIEF_LISTEN", strings.TrimPrefix(s.url, "http://"))
	if text := say(t, succeeded, "ready"); text != "ready\n" {
		t.Errorf("%s", text)
	}
	if code := s.stop(); code != succeeded {
		t.Fatalf("stopped with %d: %s", code, s.err)
	}
	if text := say(t, unavailable, "ready"); !strings.HasPrefix(text, "relief: the server is not ready: ") {
		t.Errorf("%s", text)
	}
	text, err := os.ReadFile(audit)
	if err != nil {
		t.Fatal(err)
	}
	var events []string
	for line := range strings.Lines(string(text)) {
		var e struct {
			Msg, Why, Pattern, Actor string
			Audit                    bool
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil || !e.Audit {
			t.Fatalf("%v: %s", err, line)
		}
		events = append(events, strings.TrimSpace(e.Msg+" "+e.Why))
	}
	want := []string{
		"log key made", "token made", "token made",
		"token refused the token is not valid: none was shown", "token refused the token is not valid: not a token",
		"forbidden /problems/forbidden: li-na has role keeper, which may not read the metrics.",
		"token refused the token is not valid: wrong secret for token " + strings.Split(token, "_")[1],
	}
	if strings.Join(events, "\n") != strings.Join(want, "\n") {
		t.Errorf("the audit log tells\n%s\nwanted\n%s", strings.Join(events, "\n"), strings.Join(want, "\n"))
	}
	for _, secret := range []string{strings.Split(token, "_")[2], strings.Split(keeper, "_")[2], "hunter2", "WRONG"} {
		if strings.Contains(string(text)+s.err.String(), secret) {
			t.Errorf("%s stands in a log", secret)
		}
	}
	if info, err := os.Stat(audit); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the audit log is %v, %v", info.Mode(), err)
	}
}

// certify writes a certificate of its own for 127.0.0.1.
func certify(t *testing.T, dir string, serial int64, at time.Time) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, text := range map[string][]byte{"key.pem": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs}), "cert.pem": cert} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(filepath.Join(dir, "cert.pem"), at, at); err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(cert)
	return pool
}

func TestServeTLS(t *testing.T) {
	dir := t.TempDir()
	first := certify(t, dir, 1, time.Now().Add(-time.Hour))
	ctx, cancel := context.WithCancel(t.Context())
	out, errOut := newSpoken(), newSpoken()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{
			"serve", "--listen", "127.0.0.1:0", "--tls-cert", filepath.Join(dir, "cert.pem"), "--tls-key", filepath.Join(dir, "key.pem"),
			"--data", t.TempDir(), "--db", pgtest.Empty(t),
		}, out, errOut)
	}()
	url := out.hear(t, `on (https://127\.0\.0\.1:\d+)\n`, ended)
	serial := func(trusted *x509.CertPool) string {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}
		defer transport.CloseIdleConnections()
		answer, err := (&http.Client{Transport: transport}).Get(url + "/readyz")
		if err != nil {
			return err.Error()
		}
		defer answer.Body.Close()
		if answer.StatusCode != 200 || answer.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%d, %v", answer.StatusCode, answer.Header)
		}
		return answer.TLS.PeerCertificates[0].SerialNumber.String()
	}
	if got := serial(first); got != "1" {
		t.Errorf("at first it shows certificate %s", got)
	}
	renewed := certify(t, dir, 2, time.Now())
	if got := serial(renewed); got != "2" {
		t.Errorf("after a renewal it shows certificate %s", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "cert.pem"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := serial(renewed); got != "2" {
		t.Errorf("while a certificate is copied it shows %s", got)
	}
	if text := say(t, succeeded, "ready", "--listen", strings.TrimPrefix(url, "https://"), "--tls-cert", "x"); text != "ready\n" {
		t.Errorf("%s", text)
	}
	cancel()
	if code := <-ended; code != succeeded {
		t.Errorf("stopped with %d: %s", code, errOut)
	}
}

// A request that is under way when the server is asked to stop gets its answer, and what it booked is sealed.
func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	data, dsn := t.TempDir(), pgtest.Empty(t)
	s := startServing(t, "--data", data, "--db", dsn)
	token := gift(t, s)
	address := strings.TrimPrefix(s.url, "http://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /v1/contributions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nIdempotency-Key: late\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		token, len(oneGift))
	answers := bufio.NewReader(conn)
	line, err := answers.ReadString('\n') // the handler reads the body now
	if err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%s, %v", line, err)
	}
	stopped := make(chan int)
	go func() { stopped <- s.stop() }()
	for { // until it takes no more connections
		other, err := net.Dial("tcp", address)
		if err != nil {
			break
		}
		other.Close()
	}
	fmt.Fprint(conn, oneGift)
	if _, err := answers.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(answers, nil)
	if err != nil || answer.StatusCode != http.StatusCreated {
		t.Fatalf("%v, %v", answer, err)
	}
	answer.Body.Close()
	if code := <-stopped; code != succeeded {
		t.Errorf("stopped with %d: %s", code, s.err)
	}
	if text := say(t, succeeded, "verify", "--data", data, "--db", dsn); !strings.Contains(text, "book main is whole: 2 entries") {
		t.Errorf("%s", text)
	}
	if kept, err := os.ReadFile(filepath.Join(data, "checkpoints")); err != nil || !strings.Contains(string(kept), "reliefledger/main\n2\n") {
		t.Errorf("the last checkpoint: %s, %v", kept, err)
	}
}

// The way from a database that lost entries back to work, in the words that the operator reads.
func TestRecover(t *testing.T) {
	data, empty, audit := t.TempDir(), pgtest.Empty(t), filepath.Join(t.TempDir(), "audit.log")
	s := startServing(t, "--data", data, "--db", pgtest.Empty(t))
	gift(t, s)
	if code := s.stop(); code != succeeded {
		t.Fatalf("stopped with %d: %s", code, s.err)
	}
	at := []string{"--data", data, "--db", empty, "--audit-log", audit}
	for _, step := range []struct {
		code int
		args string
		want string
	}{
		{failed, "serve --listen 127.0.0.1:0", "relief: checkpoint file " + data + "/checkpoints: book main holds 0 entries, but a checkpoint of 1 was signed: " +
			"the database is older than what was vouched for; bring the newer one back, or accept the loss with relief recover\n" +
			"hint: nothing was written; relief recover tells what is lost\n"},
		{failed, "recover", "relief: book main lost entries 1 to 1\nhint: bring the newer database back; if there is none, relief recover --accept-loss-after 0 goes on without them\n"},
		{failed, "recover --accept-loss-after 1", "relief: book main holds 0 entries, the loss of all after 1 was accepted\n"},
		{succeeded, "recover --accept-loss-after 0", "book main goes on after entry 0; the old checkpoints stay in " + data + "/checkpoints.lost-1-"},
		{succeeded, "recover", "book main lost nothing: it holds 0 entries, and the checkpoint file vouches for no more\n"},
	} {
		if text := say(t, step.code, append(strings.Fields(step.args), at...)...); !strings.HasPrefix(text, step.want) {
			t.Errorf("%s:\n%s\nwanted\n%s", step.args, text, step.want)
		}
	}
	again := startServing(t, at...)
	gift(t, again)
	if code := again.stop(); code != succeeded {
		t.Errorf("stopped with %d: %s", code, again.err)
	}
	if text, err := os.ReadFile(audit); err != nil || !strings.Contains(string(text), `"msg":"loss accepted","audit":true,"book":"main","left":0,"aside":"`+data+"/checkpoints.lost-1-") {
		t.Errorf("the audit log: %s, %v", text, err)
	}
}
