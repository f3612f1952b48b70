package auth_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"reliefledger/auth"
)

// The audit log names what was made and ended and by whom, and holds no secret.
func TestAudit(t *testing.T) {
	k, _, clock := keyring(t)
	var log bytes.Buffer
	k.Audit = slog.New(slog.NewTextHandler(&log, nil))
	shown, err := k.Issue(t.Context(), order(auth.Keeper))
	if err != nil {
		t.Fatal(err)
	}
	id, secret := strings.Split(shown, "_")[1], strings.Split(shown, "_")[2]
	by := auth.Scope{Actor: "administrator", Book: 1, Grants: []auth.Grant{{Role: auth.Administrator}}}
	grant, err := k.Give(t.Context(), by, auth.Bounds{Actor: "li-na", Role: auth.Finance})
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Withdraw(t.Context(), by, grant.ID); err != nil {
		t.Fatal(err)
	}
	if err := k.Revoke(t.Context(), auth.Unbounded("console", 1), id); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`msg="token made" token=` + id + ` actor=PT-0031 role=keeper name=tablet life=24h0m0s by=console`,
		`msg="grant given" grant=` + grant.ID + ` actor=li-na gives=finance by=administrator`,
		`msg="grant withdrawn" grant=` + grant.ID + ` actor=li-na gave=finance by=administrator`,
		`msg="token revoked" token=` + id + ` by=console`,
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, &log)
		}
	}
	if strings.Contains(log.String(), secret) {
		t.Errorf("the log holds a secret:\n%s", &log)
	}

	other, err := k.Issue(t.Context(), order(auth.Keeper))
	if err != nil {
		t.Fatal(err)
	}
	otherID := strings.Split(other, "_")[1]
	for token, why := range map[string]string{
		"":        "none was shown",
		"hunter2": "not a token",
		shown:     "no live token has that id",
		"rl_" + otherID + "_AAAAAAAAAAAAAAAAAAAAAAAAAA": "wrong secret for token " + otherID,
	} {
		if _, err := k.Check(t.Context(), token); err == nil || err.Error() != "the token is not valid: "+why {
			t.Errorf("%q: %v, %s wanted", token, err, why)
		}
	}
	clock.pass(25 * time.Hour)
	if _, err := k.Check(t.Context(), other); err == nil || !strings.HasSuffix(err.Error(), "token "+otherID+" has expired") {
		t.Errorf("an old token: %v", err)
	}
}
