package register_test

import (
	"strings"
	"testing"

	"reliefledger/internal/register"
	"reliefledger/ledger"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ in, out, err string }{
		{"棉被", "棉被", ""},
		{"  Quilt 2 kg \u3000", "Quilt 2 kg", ""},
		{"Cafe\u0301", "Caf\u00e9", ""},
		{"", "", ""},
		{strings.Repeat("被", 10), strings.Repeat("被", 10), ""},
		{strings.Repeat("被", 11), "", "name has 11 characters, at most 10 wanted"},
		{"a\x00b", "", "name holds the character U+0000, plain text wanted"},
		{"a\nb", "", "name holds the character U+000A, plain text wanted"},
		{"a\u202eb", "", "name holds the character U+202E, plain text wanted"},
		{"a\u2067b", "", "name holds the character U+2067, plain text wanted"},
		{"a\u2028b", "", "name holds the character U+2028, plain text wanted"},
		{"a\u200bb", "", "name holds the character U+200B, plain text wanted"},
		{"a\u2060b", "", "name holds the character U+2060, plain text wanted"},
		{"a\u200db", "a\u200db", ""},
		{"\ufeffa", "", "name holds the character U+FEFF, plain text wanted"},
		{"a\ufffdb", "", "name holds the character U+FFFD, plain text wanted"},
		{"a\xffb", "", "name is not valid UTF-8"},
	} {
		out, err := register.Text("name", c.in, 10)
		if out != c.out || (err != nil || c.err != "") && (err == nil || err.Error() != c.err) {
			t.Errorf("Text(%q) = %q, %v; wanted %q, %s", c.in, out, err, c.out, c.err)
		}
	}
}

// resident makes a number of the resident pattern out of its first 17 digits, so that none is written down here.
func resident(first17 string) string {
	sum := 0
	for i := range 17 {
		sum = (sum + int(first17[i]-'0')) * 2 % 11
	}
	return first17 + string("10X98765432"[sum%11])
}

func TestResidentNumbersAreSeen(t *testing.T) {
	number := resident("51010019900229" + "001")
	for text, holds := range map[string]bool{
		number:                        false, // 29 February 1990 is no day
		resident("51010019920229001"): true,
		"no. " + resident("51010019920229001") + "!": true,
		resident("51010019920229001") + "1":          false,
		"1" + resident("51010019920229001"):          false,
		"510100199202290010":                         false,
		"HO-5101-2023-00042":                         false,
		"":                                           false,
	} {
		if register.HoldsResidentNumber(text) != holds {
			t.Errorf("HoldsResidentNumber(%q) = %t", text, !holds)
		}
	}
	withX := ""
	for i := '0'; withX == "" && i <= '9'; i++ {
		if n := resident("5101001992022900" + string(i)); strings.HasSuffix(n, "X") {
			withX = n
		}
	}
	if !register.HoldsResidentNumber(withX) || !register.HoldsResidentNumber(strings.ToLower(withX)) {
		t.Errorf("%q is not seen", withX)
	}
	if _, err := register.Text("note", "for "+withX, 100); err == nil || err.Error() != "note holds a resident number, a text without one wanted" {
		t.Errorf("a note with a resident number answered %v", err)
	}
	var c register.Complaints
	c.Code("/pseudonym", "pseudonym", "p-"+withX)
	refused(t, c.Err(), "invalid /pseudonym pseudonym holds a resident number, a code without one wanted")
}

func TestPeriods(t *testing.T) {
	first, last := ledger.NewDate(2023, 11, 15), ledger.NewDate(2024, 2, 29)
	early := ledger.NewDate(1950, 1, 1)
	for _, c := range []struct {
		p    register.Period
		says string
		in   []ledger.Date
		out  []ledger.Date
	}{
		{register.Period{}, "always", []ledger.Date{early, first, last}, nil},
		{register.Period{First: first}, "from 2023-11-15", []ledger.Date{first, last}, []ledger.Date{first - 1, early}},
		{register.Period{Last: last}, "until 2024-02-29", []ledger.Date{early, last}, []ledger.Date{last + 1}},
		{register.Period{First: first, Last: last}, "from 2023-11-15 to 2024-02-29", []ledger.Date{first, last}, []ledger.Date{first - 1, last + 1}},
	} {
		if c.p.String() != c.says {
			t.Errorf("%v says %q, wanted %q", c.p, c.p.String(), c.says)
		}
		for _, on := range c.in {
			if !c.p.Holds(on) {
				t.Errorf("%s does not hold %s", c.p, on)
			}
		}
		for _, on := range c.out {
			if c.p.Holds(on) {
				t.Errorf("%s holds %s", c.p, on)
			}
		}
	}
	var c register.Complaints
	c.Period("/closes_on", "location PT-0031", register.Period{First: last, Last: first})
	refused(t, c.Err(), "invalid /closes_on location PT-0031 is from 2024-02-29 to 2023-11-15, a first day not after the last wanted")
}
