package ledger

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// array is the values of a column of the rows that a statement writes, in the binary form of PostgreSQL. Reading texts was a tenth of what a batch cost
// it. The forms are those of array_recv and of int8recv, numeric_recv and date_recv in its sources.
type array struct {
	kind  string
	buf   []byte // the elements, each behind its length
	count uint32
	nulls uint32 // 1 when there are any
}

func arrays(kinds ...string) []*array {
	made := make([]*array, len(kinds))
	for i, kind := range kinds {
		made[i] = &array{kind: kind}
	}
	return made
}

var network = binary.BigEndian

// value is the array as a parameter: one dimension, whether there are NULLs, the type of the elements, how many, counted from one.
func (a *array) value() []byte {
	value := make([]byte, 0, 20+len(a.buf))
	for _, n := range [...]uint32{1, a.nulls, uint32(kinds[a.kind].one), a.count, 1} {
		value = network.AppendUint32(value, n)
	}
	return append(value, a.buf...)
}

func (a *array) empty() bool { return a.count == 0 }

// element begins an element of so many bytes.
func (a *array) element(size int) {
	a.count++
	a.buf = network.AppendUint32(a.buf, uint32(size))
}

func (a *array) null() {
	a.nulls = 1
	a.element(-1)
}

func (a *array) text(s string) {
	a.element(len(s))
	a.buf = append(a.buf, s...)
}

func (a *array) optional(s string) {
	if s == "" {
		a.null()
		return
	}
	a.text(s)
}

func (a *array) bytes(b []byte) {
	a.element(len(b))
	a.buf = append(a.buf, b...)
}

func (a *array) integer(n int64) {
	if a.kind == "integer" {
		a.element(4)
		a.buf = network.AppendUint32(a.buf, uint32(n))
		return
	}
	a.element(8)
	a.buf = network.AppendUint64(a.buf, uint64(n))
}

func (a *array) boolean(is bool) {
	a.element(1)
	if is {
		a.buf = append(a.buf, 1)
		return
	}
	a.buf = append(a.buf, 0)
}

// firstDay is the day from which PostgreSQL counts.
var firstDay = NewDate(2000, time.January, 1)

func (a *array) date(d Date) {
	if d == 0 {
		a.null()
		return
	}
	a.element(4)
	a.buf = network.AppendUint32(a.buf, uint32(d-firstDay))
}

// number writes how many groups there are, in which power of ten thousand the first one stands, the sign, how many decimals are shown, and the
// groups, which count from the point in both directions.
func (a *array) number(d decimal.Decimal) {
	var scratch [64]byte
	text, sign := appendNumber(scratch[:0], d), uint16(0)
	if text[0] == '-' {
		text, sign = text[1:], 0x4000
	}
	whole, part, _ := bytes.Cut(text, []byte{'.'})
	before, behind := (len(whole)+3)/4, (len(part)+3)/4
	a.element(8 + 2*(before+behind))
	for _, n := range [...]uint16{uint16(before + behind), uint16(before - 1), sign, uint16(len(part))} {
		a.buf = network.AppendUint16(a.buf, n)
	}
	for end := len(whole) - 4*(before-1); before > 0; end, before = end+4, before-1 {
		a.buf = network.AppendUint16(a.buf, fourDigits(whole[max(end-4, 0):end]))
	}
	for i := 0; i < len(part); i += 4 {
		digits := [4]byte{'0', '0', '0', '0'}
		copy(digits[:], part[i:])
		a.buf = network.AppendUint16(a.buf, fourDigits(digits[:]))
	}
}

// written appends a value of a document, of the types that columnText knows.
func (a *array) written(value any) {
	switch v := value.(type) {
	case nil:
		a.null()
	case string:
		a.text(v)
	case int:
		a.integer(int64(v))
	case int64:
		a.integer(v)
	case bool:
		a.boolean(v)
	case decimal.Decimal:
		a.number(v)
	case Date:
		a.date(v)
	default:
		panic(fmt.Sprintf("ledger: document value of type %T", v))
	}
}

func fourDigits(digits []byte) (n uint16) {
	for _, d := range digits {
		n = n*10 + uint16(d-'0')
	}
	return n
}
