package ledger

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestSameContent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, now, want string }{
		{`{"a":"1"}`, `{"a":"1"}`, ""},
		{`{"a":"1","b":[1,2]}`, `{"b":[1,2],"a":"1"}`, ""},
		{`{"a":"\u00e9"}`, `{"a":"é"}`, ""},
		{`{"a":null}`, `{}`, ""},
		{`{"a":"1"}`, `{"a":"2"}`, "key k was used for entry 7 with another a"},
		{`{"a":"1"}`, `{"a":"1","b":false}`, "key k was used for entry 7 with another b"},
		{`{"a":9007199254740993}`, `{"a":9007199254740992}`, "key k was used for entry 7 with another a"},
		{`{"l":[{"q":"1"},{"q":"2"}]}`, `{"l":[{"q":"1"},{"q":"3"}]}`, "key k was used for entry 7 with another l/1/q"},
		{`{"l":[1]}`, `{"l":[1,2]}`, "key k was used for entry 7 with another l"},
		{`1`, `2`, "key k was used for entry 7 with another content"},
	} {
		err := sameContent("k", found{7, "recall", c.before}, "recall", c.now)
		if (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Errorf("%s and %s: %v, want %q", c.before, c.now, err, c.want)
		}
	}
	err := sameContent("k", found{7, "recall", "{}"}, "close-short", "{}")
	if want := "key k was used for entry 7, a recall"; err == nil || err.Error() != want {
		t.Errorf("another kind: %v, want %q", err, want)
	}
}

// FuzzContent: two contents are the same when they say the same, and otherwise every difference is a fault with words.
func FuzzContent(f *testing.F) {
	f.Fuzz(func(t *testing.T, before, now string) {
		if !json.Valid([]byte(before)) || !json.Valid([]byte(now)) {
			return
		}
		err := sameContent("k", found{7, "handout", before}, "handout", now)
		if alike := reflect.DeepEqual(bare(exact(before)), bare(exact(now))); (err == nil) != alike {
			t.Fatalf("%s and %s: %v", before, now, err)
		}
		var refusal *Refusal
		if err != nil && (!errors.As(err, &refusal) || refusal.Code() != KeyReused || strings.TrimSpace(refusal.Error()) == "") {
			t.Errorf("%s and %s: %v", before, now, err)
		}
	})
}

// bare is a document without the fields that are null: a field that is missing says the same.
func bare(document any) any {
	switch d := document.(type) {
	case map[string]any:
		for name, value := range d {
			if d[name] = bare(value); value == nil {
				delete(d, name)
			}
		}
	case []any:
		for i := range d {
			d[i] = bare(d[i])
		}
	}
	return document
}
