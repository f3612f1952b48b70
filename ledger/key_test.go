package ledger_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"reliefledger/ledger"
)

func TestOpenKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.key")
	first, err := ledger.OpenKey(path, "reliefledger/TEST")
	if err != nil {
		t.Fatal(err)
	}
	second, err := ledger.OpenKey(path, "reliefledger/TEST")
	if err != nil || second.Public != first.Public {
		t.Errorf("the second opening gave %s: %v", second.Public, err)
	}
	signed, err := note.Sign(&note.Note{Text: "reliefledger/TEST\n1\n"}, first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(signed, second.Verifiers); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(ledger.PublicKeys(path))
	if err != nil || string(text) != first.Public+"\n" {
		t.Errorf("the public keys are %q, %v", text, err)
	}
	if _, err := ledger.ReadVerifiers(ledger.PublicKeys(path), "reliefledger/OTHER"); err == nil || !strings.HasSuffix(err.Error(), "is of log reliefledger/TEST, reliefledger/OTHER wanted") {
		t.Errorf("public keys of another log: %v", err)
	}
	if none, err := ledger.ReadVerifiers(filepath.Join(t.TempDir(), "log.pub"), "reliefledger/TEST"); none != nil || err != nil {
		t.Errorf("no public keys: %v, %v", none, err)
	}
	if _, err := ledger.OpenKey(path, "reliefledger/OTHER"); err == nil || err.Error() != "key file "+path+" is of log reliefledger/TEST, reliefledger/OTHER wanted" {
		t.Errorf("another log: %v", err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.OpenKey(path, "reliefledger/TEST"); err == nil || err.Error() != "key file "+path+" has mode 0644, 0600 wanted" {
		t.Errorf("readable by others: %v", err)
	}
}
