package pg

import (
	"encoding/hex"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// The functions of this file append a slice as a typed array literal, such as '{"a","b"}'::text[], for messages that carry
// no arguments. They are safe for any text, given standard_conforming_strings, which Open switches on. Text that PostgreSQL
// cannot hold (a NUL, broken UTF-8) goes out as it is, and the server refuses the whole message before it runs any of it:
// see CheckText.

// AppendTexts appends v as text[].
func AppendTexts[S ~string](buf []byte, v []S) []byte {
	return appendArray(buf, v, "text", func(buf []byte, s S) []byte { return appendText(buf, string(s)) })
}

// AppendNullTexts appends v as text[], nil as NULL.
func AppendNullTexts(buf []byte, v []*string) []byte {
	return appendArray(buf, v, "text", orNull(appendText))
}

// AppendInts appends v as bigint[].
func AppendInts[I ~int | ~int16 | ~int32 | ~int64](buf []byte, v []I) []byte {
	return appendArray(buf, v, "bigint", func(buf []byte, i I) []byte { return strconv.AppendInt(buf, int64(i), 10) })
}

// AppendNullInts appends v as bigint[], nil as NULL.
func AppendNullInts(buf []byte, v []*int64) []byte {
	return appendArray(buf, v, "bigint", orNull(appendInt))
}

// AppendNumerics appends v as numeric[], exactly; trailing zeros of the decimals are dropped.
func AppendNumerics(buf []byte, v []decimal.Decimal) []byte {
	return appendArray(buf, v, "numeric", appendNumeric)
}

// AppendNullNumerics appends v as numeric[], nil as NULL.
func AppendNullNumerics(buf []byte, v []*decimal.Decimal) []byte {
	return appendArray(buf, v, "numeric", orNull(appendNumeric))
}

// Day is a calendar day, given as its midnight in UTC; the zero day means "not given".
type Day interface {
	IsZero() bool
	Time() time.Time
}

// AppendDates appends v as date[], the zero day as NULL.
func AppendDates[D Day](buf []byte, v []D) []byte {
	return appendArray(buf, v, "date", func(buf []byte, d D) []byte {
		if d.IsZero() {
			return append(buf, "NULL"...)
		}
		return d.Time().UTC().AppendFormat(buf, time.DateOnly)
	})
}

// AppendBools appends v as boolean[].
func AppendBools(buf []byte, v []bool) []byte {
	return appendArray(buf, v, "boolean", strconv.AppendBool)
}

// AppendByteas appends v as bytea[].
func AppendByteas(buf []byte, v [][]byte) []byte {
	return appendArray(buf, v, "bytea", func(buf, b []byte) []byte {
		buf = append(buf, `"\\x`...)
		buf = hex.AppendEncode(buf, b)
		return append(buf, '"')
	})
}

func appendArray[T any](buf []byte, v []T, kind string, element func([]byte, T) []byte) []byte {
	buf = append(buf, "'{"...)
	for i, e := range v {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = element(buf, e)
	}
	buf = append(buf, "}'::"...)
	buf = append(buf, kind...)
	return append(buf, "[]"...)
}

func orNull[T any](element func([]byte, T) []byte) func([]byte, *T) []byte {
	return func(buf []byte, v *T) []byte {
		if v == nil {
			return append(buf, "NULL"...)
		}
		return element(buf, *v)
	}
}

func appendInt(buf []byte, i int64) []byte { return strconv.AppendInt(buf, i, 10) }

func appendNumeric(buf []byte, d decimal.Decimal) []byte { return append(buf, d.String()...) }

// appendText quotes twice: for the array, where a backslash protects, and for the literal around it, where ' doubles.
func appendText(buf []byte, s string) []byte {
	buf = append(buf, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"', '\\':
			buf = append(append(buf, s[from:i]...), '\\')
			from = i
		case '\'':
			buf = append(append(buf, s[from:i]...), '\'')
			from = i
		}
	}
	buf = append(buf, s[from:]...)
	return append(buf, '"')
}
