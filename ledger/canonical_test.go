package ledger

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// supply makes a record out of any bytes, so that a fuzzer reaches every shape of one.
type supply []byte

func (s *supply) number(most int) int {
	if len(*s) == 0 || most <= 0 {
		return 0
	}
	n := int((*s)[0]) % (most + 1)
	*s = (*s)[1:]
	return n
}

func (s *supply) text() string {
	n := min(s.number(12), len(*s))
	text := string((*s)[:n])
	*s = (*s)[n:]
	return text
}

func (s *supply) integer() int64 {
	var b [8]byte
	*s = (*s)[copy(b[8-s.number(8):], *s):]
	return int64(binary.BigEndian.Uint64(b[:]))
}

func (s *supply) date() Date {
	if s.number(3) == 0 {
		return 0
	}
	return NewDate(1971+s.number(200), 1, 1+s.number(255))
}

func (s *supply) decimal() decimal.Decimal { return decimal.New(s.integer(), -int32(s.number(9))) }

func (s *supply) record() *Record {
	r := &Record{Book: s.text(), Entry: Entry{
		Number: s.integer(), Kind: s.text(), On: s.date(), RecordedAt: time.UnixMicro(s.integer()).UTC(), Actor: s.text(), Key: s.text(),
		Document: s.text(), Reverses: s.integer(),
	}}
	copy(r.ContentHash[:], s.text())
	for range s.number(3) {
		r.Moves = append(r.Moves, Move{Account(s.text()), Account(s.text()), s.text(), Commodity{s.text(), s.text()}, s.decimal(), s.decimal()})
	}
	for range s.number(2) {
		r.Lots = append(r.Lots, Lot{Commodity{s.text(), s.text()}, int32(s.number(9)), s.date(), s.date()})
	}
	for range s.number(3) {
		row := Row{Table: s.text(), Line: s.number(99)}
		for range s.number(4) {
			if s.number(3) == 0 {
				row.Values = append(row.Values, nil)
				continue
			}
			text := s.text()
			row.Values = append(row.Values, &text)
		}
		r.Rows = append(r.Rows, row)
	}
	return r
}

// alike compares records by what they say: 1.50 is 1.5.
func alike(a, b *Record) bool {
	for _, r := range []*Record{a, b} {
		for i, m := range r.Moves {
			r.Moves[i].Quantity, r.Moves[i].Value = decimal.RequireFromString(m.Quantity.String()), decimal.RequireFromString(m.Value.String())
		}
	}
	return reflect.DeepEqual(a, b)
}

// FuzzCanonical: decode inverts encode, so that no two different records share their bytes.
func FuzzCanonical(f *testing.F) {
	f.Fuzz(func(t *testing.T, first, second []byte) {
		a, b := (*supply)(&first).record(), (*supply)(&second).record()
		encoded := a.AppendCanonical(nil)
		back, err := decode(encoded)
		if err != nil || !alike(a, &back) {
			t.Errorf("%+v\ncame back as %+v, %v", a, back, err)
		}
		if bytes.Equal(encoded, b.AppendCanonical(nil)) != alike(a, b) {
			t.Errorf("%+v and %+v: the same bytes, or not, against what they say", a, b)
		}
	})
}

// FuzzDecode: whatever bytes are taken for a record are the bytes of that record and of no other.
func FuzzDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := decode(b); err == nil && !bytes.Equal(r.AppendCanonical(nil), b) {
			t.Errorf("%x was read as %+v, which is written %x", b, r, r.AppendCanonical(nil))
		}
	})
}

// TestCanonicalFields changes one field after the other: each change shows in the bytes, also when text moves over a border.
func TestCanonicalFields(t *testing.T) {
	t.Parallel()
	whole := func() *Record {
		one, two := "one", "two"
		return &Record{Book: "B", Entry: Entry{
			Number: 7, Kind: "handout", On: NewDate(2024, 3, 15), RecordedAt: time.UnixMicro(1).UTC(), Actor: "a", Key: "k", Document: "HO-1-00001", Reverses: 3,
			Moves: []Move{{"stock:A", "handed-out:A", "F1", Commodity{"QUILT", "L1"}, decimal.New(3, 0), decimal.New(100, -2)}},
		}, Lots: []Lot{{Commodity{"QUILT", "L1"}, 2, NewDate(2025, 1, 1), NewDate(2024, 1, 1)}}, Rows: []Row{{"handouts", 1, []*string{&one, nil, &two}}}}
	}
	seen := map[string]string{string(whole().AppendCanonical(nil)): "the record itself"}
	empty, text := "", "onetwo"
	for name, change := range map[string]func(*Record){
		"book": func(r *Record) { r.Book = "C" }, "number": func(r *Record) { r.Number++ }, "kind": func(r *Record) { r.Kind = "handou" },
		"date": func(r *Record) { r.On++ }, "no date": func(r *Record) { r.On = 0 }, "time": func(r *Record) { r.RecordedAt = r.RecordedAt.Add(time.Microsecond) },
		"actor": func(r *Record) { r.Actor = "" }, "key": func(r *Record) { r.Key = "kk" }, "border": func(r *Record) { r.Actor, r.Key = "ak", "" },
		"content": func(r *Record) { r.ContentHash[31]++ }, "document": func(r *Record) { r.Document = "" }, "reverses": func(r *Record) { r.Reverses = 0 },
		"ends": func(r *Record) { m := &r.Moves[0]; m.From, m.To = m.To, m.From }, "fund": func(r *Record) { r.Moves[0].Fund = "F2" },
		"item": func(r *Record) { r.Moves[0].Item = "QUIL" }, "lot": func(r *Record) { r.Moves[0].Lot = "" },
		"quantity": func(r *Record) { r.Moves[0].Quantity = decimal.New(30, 0) }, "value": func(r *Record) { r.Moves[0].Value = decimal.New(101, -2) },
		"two moves": func(r *Record) { r.Moves = append(r.Moves, r.Moves[0]) }, "no move": func(r *Record) { r.Moves = nil },
		"no lot": func(r *Record) { r.Lots = nil }, "decimals": func(r *Record) { r.Lots[0].Decimals = 3 }, "expiry": func(r *Record) { r.Lots[0].Expires = 0 },
		"received": func(r *Record) { r.Lots[0].Received++ }, "table": func(r *Record) { r.Rows[0].Table = "x" }, "line": func(r *Record) { r.Rows[0].Line = 2 },
		"value of a row": func(r *Record) { r.Rows[0].Values[0] = &text }, "null and nothing": func(r *Record) { r.Rows[0].Values[1] = &empty },
		"one value less": func(r *Record) { r.Rows[0].Values = r.Rows[0].Values[:2] }, "no rows": func(r *Record) { r.Rows = nil },
		"two rows": func(r *Record) { r.Rows = append(r.Rows, r.Rows[0]) },
	} {
		r := whole()
		change(r)
		b := string(r.AppendCanonical(nil))
		if other, taken := seen[b]; taken {
			t.Errorf("%s is written like %s", name, other)
		}
		seen[b] = name
	}
	if !strings.HasPrefix(string(whole().AppendCanonical(nil)), "\x01") {
		t.Error("the version does not come first")
	}
}
