package ledger_test

import (
	"strings"
	"testing"
	"time"

	"reliefledger/ledger"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		in, out, err string
		required     bool
	}{
		{"棉被", "棉被", "", false},
		{"  Quilt 2 kg \u3000", "Quilt 2 kg", "", false},
		{"Cafe\u0301", "Caf\u00e9", "", false},
		{"", "", "", false},
		{strings.Repeat("被", 10), strings.Repeat("被", 10), "", false},
		{strings.Repeat("被", 11), "", "name has 11 characters, at most 10 wanted", false},
		{"a\x00b", "", "name holds the character U+0000, plain text wanted", false},
		{"a\nb", "", "name holds the character U+000A, plain text wanted", false},
		{"a\u202eb", "", "name holds the character U+202E, plain text wanted", false},
		{"a\u2067b", "", "name holds the character U+2067, plain text wanted", false},
		{"a\u2028b", "", "name holds the character U+2028, plain text wanted", false},
		{"a\u200bb", "", "name holds the character U+200B, plain text wanted", false},
		{"a\u2060b", "", "name holds the character U+2060, plain text wanted", false},
		{"a\u200db", "a\u200db", "", false},
		{"\ufeffa", "", "name holds the character U+FEFF, plain text wanted", false},
		{"a\ufffdb", "", "name holds the character U+FFFD, plain text wanted", false},
		{"a\xffb", "", "name is not valid UTF-8", false},
		{" \u3000", "", "", false},
		{" \u3000", "", "name is empty, 1 to 10 characters wanted", true},
	} {
		out, err := ledger.Text("name", c.in, 10, c.required)
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
		if ledger.HoldsResidentNumber(text) != holds {
			t.Errorf("HoldsResidentNumber(%q) = %t", text, !holds)
		}
	}
	withX := ""
	for i := '0'; withX == "" && i <= '9'; i++ {
		if n := resident("5101001992022900" + string(i)); strings.HasSuffix(n, "X") {
			withX = n
		}
	}
	if !ledger.HoldsResidentNumber(withX) || !ledger.HoldsResidentNumber(strings.ToLower(withX)) {
		t.Errorf("%q is not seen", withX)
	}
	if _, err := ledger.Text("note", "for "+withX, 100, false); err == nil || err.Error() != "note holds a resident number, a text without one wanted" {
		t.Errorf("a note with a resident number answered %v", err)
	}
}

// TestReasons: what is written into history for ever follows the rule of every other text.
func TestReasons(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post(receive("r", day("2024-01-05"), quilt, "stock:A", "3", "30.00"))
	by := ledger.By{Actor: "finance", Key: "k"}
	acts := map[string]func(reason string) (*ledger.Proposal, error){
		"reversal": func(reason string) (*ledger.Proposal, error) {
			return w.Reverse(t.Context(), by, ledger.Reversal{Entry: 1, Reason: reason})
		},
		"close": func(reason string) (*ledger.Proposal, error) {
			return w.ClosePeriod(by, ledger.Close{Until: day("2024-01-31"), Reason: reason})
		},
		"reopening": func(reason string) (*ledger.Proposal, error) {
			return w.ProposeReopening(by, ledger.Reopening{Reason: reason})
		},
	}
	for act, propose := range acts {
		for reason, words := range map[string]string{
			"wrong person " + resident("51010019920229001"): "reason holds a resident number, a text without one wanted",
			"a\u200bb":               "reason holds the character U+200B, plain text wanted",
			" ":                      "reason is empty, 1 to 500 characters wanted",
			strings.Repeat("错", 501): "reason has 501 characters, at most 500 wanted",
		} {
			_, err := propose(reason)
			if refusal, ok := err.(*ledger.Refusal); !ok || refusal.Error() != words || refusal.Code() != ledger.Invalid || refusal.Faults[0].Pointer != "/reason" {
				t.Errorf("%s %.20q: got %v, want %s", act, reason, err, words)
			}
		}
	}
	undo := func() *ledger.Proposal {
		p, err := acts["reversal"]("  counted twice\u3000")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	w.post(undo())
	if again := w.post(undo()); !again.Replayed {
		t.Errorf("the same request again made entry %d", again.Number)
	}
	var reason string
	if err := w.DB().NewRaw("SELECT reason FROM reversals WHERE book_id = ?", w.ID).Scan(t.Context(), &reason); err != nil || reason != "counted twice" {
		t.Errorf("the book keeps the reason %q, %v", reason, err)
	}
}

// TestTextsThatCannotBeStored: PostgreSQL has no NUL and no broken UTF-8. One such text must not stop the whole book.
func TestTextsThatCannotBeStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.post(receive("r", today, quilt, "stock:A", "3", "30.00"))
	w.refused(take("h", today, ledger.Commodity{Item: "Q\x00", Lot: "L"}, "stock:A", "handed-out:A", "1"), ledger.Invalid,
		`"Q\x00" in groups cannot be stored: texts are UTF-8 without NUL`)
	for reason, words := range map[string]string{
		"a\x00b": `"a\x00b" in reversals cannot be stored: texts are UTF-8 without NUL`,
		"a\xffb": `"a\xffb" in reversals cannot be stored: texts are UTF-8 without NUL`,
	} {
		p := w.moves("letter", today.String())
		p.Compose = func(d *ledger.Draft) error {
			d.Row(ledger.Reversals, int64(1), reason)
			return nil
		}
		begun := time.Now()
		w.refused(p, ledger.Invalid, words)
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("the refusal took %s", took)
		}
	}
}

// TestGroupsHoldNoCloseAndNoTwins: a close changes which dates its neighbours may have, so it is posted by itself; and a key cannot
// stand for two entries of a group that is all or nothing.
func TestGroupsHoldNoCloseAndNoTwins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shut := func(key, until string) *ledger.Proposal {
		p, err := w.ClosePeriod(ledger.By{Actor: "finance", Key: key}, ledger.Close{Until: day(until), Reason: "agreed"})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	outcomes, err := w.PostEach(t.Context(), []*ledger.Proposal{
		receive("r", day("2024-01-05"), quilt, "stock:A", "3", "30.00"),
		shut("c1", "2024-01-31"),
		take("h1", day("2024-01-31"), quilt, "stock:A", "handed-out:A", "1"),
		take("h2", day("2024-02-01"), quilt, "stock:A", "handed-out:A", "1"),
		shut("c2", "2024-02-29"),
		shut("c3", "2024-02-15"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"", ledger.PeriodClosed, "", "", "", ledger.AlreadyDone} {
		i, want := []int{0, 2, 1, 3, 4, 5}[i], want
		got := ""
		if refusal, ok := outcomes[i].Err.(*ledger.Refusal); ok {
			got = refusal.Code()
		}
		if got != want || outcomes[i].Err != nil && got == "" {
			t.Errorf("proposal %d: %v, %q wanted", i, outcomes[i].Err, want)
		}
	}
	_, err = w.PostAll(t.Context(), []*ledger.Proposal{take("h3", day("2024-03-01"), quilt, "stock:A", "handed-out:A", "1"), shut("c4", "2024-03-10")})
	if want := "a close is posted by itself, not in a group"; err == nil || err.Error() != want || err.(*ledger.Refusal).Faults[0].Pointer != "/1" {
		t.Errorf("got %v", err)
	}
	_, err = w.PostAll(t.Context(), []*ledger.Proposal{
		take("h4", day("2024-03-01"), quilt, "stock:A", "handed-out:A", "1"), take("h4", day("2024-03-01"), quilt, "stock:A", "handed-out:A", "1"),
	})
	if want := "key h4 stands twice in one group"; err == nil || err.Error() != want || err.(*ledger.Refusal).Faults[0].Pointer != "/1" {
		t.Errorf("got %v", err)
	}
}
