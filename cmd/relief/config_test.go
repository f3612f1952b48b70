package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask left of it
		t.Fatal(err)
	}
	return path
}

func TestConfigComesInOrder(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	file := write(t, "relief.conf", "# a site\nlisten = 127.0.0.1:1\nname=Red Cross = 红十字会\ndb = host=/run/postgresql user=relief password='it''s' sslpassword=x\nbook =  sichuan \n", 0o640)
	t.Setenv("RELIEF_CONFIG", file)
	t.Setenv("RELIEF_LISTEN", "127.0.0.1:2")
	t.Setenv("RELIEF_DECIMALS", "3")
	text := say(t, succeeded, "config", "--decimals", "4")
	for _, want := range []string{
		"# From: environment RELIEF_LISTEN\nlisten = 127.0.0.1:2\n",
		"# From: " + file + "\nname = Red Cross = 红十字会\n",
		"# From: " + file + "\nbook = sichuan\n",
		"# From: flag --decimals\ndecimals = 4\n",
		"# From: default\nzone = Asia/Shanghai\n",
		"password=***",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "it''s") || strings.Contains(text, "sslpassword=x") {
		t.Errorf("a password is shown:\n%s", text)
	}
	t.Setenv("DATABASE_URL", "postgres://relief:hidden@db.example.org/relief?sslmode=verify-full")
	if text := say(t, succeeded, "config"); !strings.Contains(text, "# From: environment DATABASE_URL\ndb = postgres://relief:***@db.example.org/relief?sslmode=verify-full\n") {
		t.Errorf("%s", text)
	}
	again := write(t, "again.conf", say(t, succeeded, "config", "--db", "host=/run/postgresql"), 0o644)
	t.Setenv("RELIEF_CONFIG", again)
	t.Setenv("DATABASE_URL", "")
	if text := say(t, succeeded, "config"); !strings.Contains(text, "# From: "+again+"\ndb = host=/run/postgresql\n") {
		t.Errorf("what it printed is no configuration: %s", text)
	}
}

// The name of a book is not the name of whatever else has one.
func TestOptionsAreOfTheirCommands(t *testing.T) {
	t.Setenv("RELIEF_NAME", "Red Cross")
	t.Setenv("RELIEF_BOOK", "sichuan")
	s := &settings{}
	root := s.root()
	command, _, err := root.Find([]string{"token", "create"})
	if err != nil || command.Name() != "create" {
		t.Fatal(command, err)
	}
	if err := s.configure(command); err != nil {
		t.Fatal(err)
	}
	if name := command.Flags().Lookup("name").Value.String(); name != "" || s.book != "sichuan" {
		t.Errorf("the token is called %q, the book %q", name, s.book)
	}
}

func TestMask(t *testing.T) {
	for dsn, want := range map[string]string{
		"":                               "",
		"postgres://a@h/d":               "postgres://a@h/d",
		"postgres://a:b%40c@h/d":         "postgres://a:***@h/d",
		"postgres://h/d?password=b&x=1":  "postgres://h/d?password=***&x=1",
		"postgres://a:b@h:port/d":        "***",
		"host=h password = b user=u":     "host=h password = *** user=u",
		`password='b\' c' host=h`:        "password=*** host=h",
		"host=h sslpassword=b sslmode=x": "host=h sslpassword=*** sslmode=x",
	} {
		if got := mask(dsn); got != want {
			t.Errorf("%s is shown as %s, %s wanted", dsn, got, want)
		}
	}
}

// No setting shows a password, wherever it came from: each is given an address with one, in both spellings.
func TestNoSettingShowsItsPassword(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
	shown := 0
	for _, o := range options {
		for _, secret := range []string{"https://a:hunter2@h/d", "host=h password='hunter2' user=u", "https://h/d?password=hunter2"} {
			file := write(t, "relief.conf", o.name+" = "+secret, 0o600)
			for _, from := range []string{"environment", "file", "flag"} {
				line, variable := []string{"config"}, ""
				switch from {
				case "environment":
					variable = secret
				case "file":
					line = append(line, "--config", file)
				default:
					line = append(line, "--"+o.name+"="+secret)
				}
				t.Setenv(o.variable(), variable)
				var said bytes.Buffer
				code := run(t.Context(), line, &said, &said)
				if strings.Contains(said.String(), "hunter2") && !(from == "flag" && code == misused) { // whoever typed a wrong flag sees it again
					t.Errorf("%s from the %s: %s", o.name, from, said.String())
				}
				if strings.Contains(said.String(), "\n"+o.name+" = ") && strings.Contains(said.String(), "***") {
					shown++
				}
			}
			t.Setenv(o.variable(), "")
		}
		if open := write(t, "relief.conf", o.name+" = https://a:hunter2@h/d", 0o644); !strings.Contains(say(t, failed, "config", "--config", open), "holds a secret and has mode 0644") {
			t.Errorf("%s: a file that everybody may read is taken with a password in it", o.name)
		}
	}
	if shown < 3*len(options) {
		t.Errorf("%d values were shown masked", shown)
	}
}

func TestConfigRefuses(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	for _, c := range []struct {
		text string
		mode os.FileMode
		want string
	}{
		{"listem = x", 0o644, `:1: there is no option "listem"` + "\nhint: relief config --example shows every option\n"},
		{"\nhunter2", 0o644, ":2: a line is name = value, or a comment after #\n"},
		{"book = a\nbook = b", 0o644, ":2: book is set twice\n"},
		{"decimals = two", 0o644, ": decimals is not a int\n"},
		{"db = postgres://a:b@h/d", 0o644, " holds a secret and has mode 0644, 0600 or 0640 wanted\nhint: chmod o= "},
	} {
		file := write(t, "relief.conf", c.text, c.mode)
		if text := say(t, failed, "config", "--config", file); !strings.HasPrefix(text, "relief: "+file+c.want) {
			t.Errorf("%q: %s", c.text, text)
		}
	}
	t.Setenv("RELIEF_DECIMALS", "hunter2")
	if text := say(t, failed, "config"); !strings.HasPrefix(text, "relief: environment: RELIEF_DECIMALS is not a int\n") {
		t.Errorf("%s", text)
	}
	if text := say(t, failed, "version", "--config", "nowhere"); !strings.HasPrefix(text, "relief: configuration: open nowhere:") {
		t.Errorf("%s", text)
	}
}

// The example that is shipped is what the program prints.
func TestExampleConfig(t *testing.T) {
	want, err := os.ReadFile("../../deploy/relief.conf")
	if err != nil {
		t.Fatal(err)
	}
	if text := say(t, succeeded, "config", "--example"); text != string(want) {
		t.Errorf("deploy/relief.conf is not what relief config --example prints:\n%s", text)
	}
}

func TestInsecureSettingsDoNotStart(t *testing.T) {
	cert := write(t, "cert.pem", "", 0o644)
	for args, want := range map[string]string{
		"--listen 0.0.0.0:0": "relief: refused to start: requests to 0.0.0.0:0 would not be encrypted, and every one of them carries a token\n" +
			"hint: --tls-cert and --tls-key encrypt them here; --behind-tls-proxy says that a proxy before this server does; --listen 127.0.0.1:8080 stays on this machine\n",
		"--listen :0":                                   "relief: refused to start: requests to :0 would not be encrypted",
		"--listen relief.example.org:0":                 "relief: refused to start: requests to relief.example.org:0 would not be encrypted",
		"--metrics-listen :9464":                        "relief: refused to start: metrics on :9464 would be shown to everybody who reaches it",
		"--otlp-endpoint http://tempo.example.org:4318": "relief: refused to start: spans would travel to tempo.example.org:4318 in the clear",
		"--tls-cert " + cert:                            "relief: refused to start: TLS needs both --tls-cert and --tls-key, one was given\n",
	} {
		data := filepath.Join(t.TempDir(), "data")
		for _, verb := range []string{"serve", "config"} {
			if text := say(t, misused, append([]string{verb, "--data", data}, strings.Fields(args)...)...); !strings.Contains(text, want) {
				t.Errorf("%s %s: %s", verb, args, text)
			}
		}
		if _, err := os.Stat(data); !os.IsNotExist(err) {
			t.Errorf("%s: a data directory was made", args)
		}
	}
	key := write(t, "key.pem", "", 0o644)
	if text := say(t, failed, "serve", "--tls-cert", cert, "--tls-key", key); !strings.Contains(text, key+" holds a secret and has mode 0644") {
		t.Errorf("%s", text)
	}
	if text := say(t, failed, "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--db", "postgres://a:hidden@db.example.org/relief"); !strings.Contains(text, "without sslmode") || strings.Contains(text, "hidden") {
		t.Errorf("%s", text)
	}
}
