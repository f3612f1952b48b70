package main

import (
	"regexp"
	"testing"
)

func TestBefore(t *testing.T) {
	t.Parallel()
	code := regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)?$`)
	for typed, want := range map[string]string{"": "", "PT-1": "PT-0", "WH-": "WH", "A": "9", "0": "", "a": "", "b": "a", "PT-0": "PT-."} {
		got := before(typed)
		if got != want {
			t.Errorf("before %q: %q, %q wanted", typed, got, want)
		}
		if !code.MatchString(got) || got > typed {
			t.Errorf("before %q: %q is no code before it", typed, got)
		}
	}
}
