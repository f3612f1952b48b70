package auth_test

import (
	"bufio"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"reliefledger/internal/pgtest"
)

// asProvider makes this test binary an OpenID Connect provider of its own process: discovery, keys, authorize and token.
const asProvider = "RELIEF_TEST_PROVIDER"

func TestMain(m *testing.M) {
	if os.Getenv(asProvider) != "" {
		if err := provide(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

const (
	clientID, clientSecret = "relief", "a secret between the two"
	redirect               = "https://relief.test/sign-in/done"
)

// startProvider runs a provider until the test ends and answers with its address.
func startProvider(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), asProvider+"=1")
	cmd.Stderr = os.Stderr
	alive, err := cmd.StdinPipe() // its end is the provider's
	if err != nil {
		t.Fatal(err)
	}
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		alive.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	issuer, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(issuer)
}

// provider signs in whom the address bar names as user, and breaks what it names as fault.
type provider struct {
	issuer     string
	key, other *rsa.PrivateKey

	mu    sync.Mutex
	codes map[string]url.Values
}

func provide() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	p := &provider{issuer: "http://" + listener.Addr().String(), codes: map[string]url.Values{}}
	if p.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		return err
	}
	if p.other, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.describe)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	fmt.Println(p.issuer)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func tell(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func (p *provider) describe(w http.ResponseWriter, _ *http.Request) {
	tell(w, http.StatusOK, map[string]any{
		"issuer": p.issuer, "authorization_endpoint": p.issuer + "/authorize", "token_endpoint": p.issuer + "/token", "jwks_uri": p.issuer + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "code_challenge_methods_supported": []string{"S256"},
	})
}

func (p *provider) keys(w http.ResponseWriter, _ *http.Request) {
	tell(w, http.StatusOK, map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1", "n": encode(p.key.N.Bytes()), "e": encode(big.NewInt(int64(p.key.E)).Bytes()),
	}}})
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// authorize sends the browser back with a code.
func (p *provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("response_type") != "code" || q.Get("client_id") != clientID || q.Get("redirect_uri") != redirect ||
		!strings.Contains(q.Get("scope"), "openid") || q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("state") == "" {
		http.Error(w, "invalid_request", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	p.mu.Lock()
	p.codes[code] = q
	p.mu.Unlock()
	http.Redirect(w, r, redirect+"?"+url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {p.issuer}}.Encode(), http.StatusFound)
}

// token exchanges a code, once, for whoever holds the secret and the verifier of the challenge.
func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	secret, _ = url.QueryUnescape(secret)
	p.mu.Lock()
	q, known := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	p.mu.Unlock()
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || id != clientID || secret != clientSecret || r.PostFormValue("redirect_uri") != redirect || encode(challenge[:]) != q.Get("code_challenge") {
		tell(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	answer := map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 300, "id_token": p.proof(q)}
	switch q.Get("fault") {
	case "silence":
		delete(answer, "id_token")
	case "flood":
		answer["padding"] = strings.Repeat("x", 2<<20)
	}
	tell(w, http.StatusOK, answer)
}

func (p *provider) proof(q url.Values) string {
	claims := map[string]any{
		"iss": p.issuer, "sub": q.Get("user"), "aud": clientID, "nonce": q.Get("nonce"),
		"iat": pgtest.Now().Unix(), "exp": pgtest.Now().Add(5 * time.Minute).Unix(), "email": "li-na@relief.test",
	}
	maps.Copy(claims, map[string]map[string]any{
		"nonce":    {"nonce": "another"},
		"no-nonce": {"nonce": ""},
		"audience": {"aud": "another"},
		"party":    {"aud": []string{clientID, "another"}, "azp": "another"},
		"nobody's": {"aud": []string{clientID, "another"}},
		"shared":   {"aud": []string{clientID, "another"}, "azp": clientID},
		"issuer":   {"iss": "https://another.test"},
		"expired":  {"exp": pgtest.Now().Add(-time.Second).Unix()},
		"subject":  {"sub": ""},
	}[q.Get("fault")])
	head := map[string]string{"alg": "RS256", "kid": "1", "typ": "JWT"}
	key := p.key
	switch q.Get("fault") {
	case "none":
		head["alg"] = "none"
	case "signature":
		key = p.other
	}
	return sign(key, head, claims)
}

func sign(key *rsa.PrivateKey, head, claims any) string {
	h, _ := json.Marshal(head)
	c, _ := json.Marshal(claims)
	text := encode(h) + "." + encode(c)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return text + "." + encode(signature)
}
