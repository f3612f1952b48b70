package ledger

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"golang.org/x/mod/sumdb/tlog"
)

// canonicalVersion is the first byte of every canonical encoding, so that the format may change without
// making older leaves ambiguous.
const canonicalVersion = 1

// Record is all that is sealed of an entry: what is stored, never JSON text, so that no serialiser can change a hash.
// Of the request it holds only the hash.
type Record struct {
	Book string
	Entry
	ContentHash [sha256.Size]byte
	Lots        []Lot // brought in by the entry, in the order of item and lot
	Rows        []Row // in the order of table and line
}

// Row is a stored document row: its table, its line within the entry, and each column as PostgreSQL writes it as text; nil is NULL.
type Row struct {
	Table  string
	Line   int
	Values []*string
}

// AppendCanonical appends the canonical bytes of the record: a version byte, then every field in order.
// Integers are eight bytes big-endian, texts and lists carry their length before them, so that distinct records
// never share bytes.
func (r *Record) AppendCanonical(b []byte) []byte {
	b = append(b, canonicalVersion)
	b = appendText(b, r.Book)
	b = appendInt(b, r.Number)
	b = appendText(b, r.Kind)
	b = appendText(b, r.On.String())
	b = appendInt(b, r.RecordedAt.UnixMicro())
	b = appendText(b, r.Actor)
	b = appendText(b, r.Key)
	b = append(b, r.ContentHash[:]...)
	b = appendText(b, r.Document)
	b = appendInt(b, r.Reverses)
	b = appendInt(b, int64(len(r.Moves)))
	for _, m := range r.Moves {
		for _, text := range []string{string(m.From), string(m.To), m.Fund, m.Item, m.Lot, numberText(m.Quantity), numberText(m.Value)} {
			b = appendText(b, text)
		}
	}
	b = appendInt(b, int64(len(r.Lots)))
	for _, l := range r.Lots {
		for _, text := range []string{l.Item, l.Commodity.Lot, l.Expires.String(), l.Received.String()} {
			b = appendText(b, text)
		}
		b = appendInt(b, int64(l.Decimals))
	}
	b = appendInt(b, int64(len(r.Rows)))
	for _, row := range r.Rows {
		b = appendText(b, row.Table)
		b = appendInt(b, int64(row.Line))
		b = appendInt(b, int64(len(row.Values)))
		for _, v := range row.Values {
			b = appendOptional(b, v)
		}
	}
	return b
}

// sortLots puts lots into the order of their leaf. Go sorts them on both sides, because the order of texts in a database is its own.
func sortLots(lots []Lot) {
	slices.SortFunc(lots, func(a, b Lot) int {
		return cmp.Or(strings.Compare(a.Item, b.Item), strings.Compare(a.Commodity.Lot, b.Commodity.Lot))
	})
}

// Leaf is the record's hash in the Merkle log (RFC 6962 leaf hash of the canonical bytes).
func (r *Record) Leaf() tlog.Hash { return tlog.RecordHash(r.AppendCanonical(nil)) }

func appendInt(b []byte, n int64) []byte { return binary.BigEndian.AppendUint64(b, uint64(n)) }

func appendText(b []byte, s string) []byte { return append(appendInt(b, int64(len(s))), s...) }

func appendOptional(b []byte, s *string) []byte {
	if s == nil {
		return append(b, 0)
	}
	return appendText(append(b, 1), *s)
}

// columnText is a document value as PostgreSQL writes the stored column as text.
func columnText(v any) *string {
	var s string
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		s = v
	case int:
		s = strconv.Itoa(v)
	case int64:
		s = strconv.FormatInt(v, 10)
	case bool:
		s = strconv.FormatBool(v)
	case decimal.Decimal:
		s = numberText(v)
	case Date:
		if v == 0 {
			return nil
		}
		s = v.String()
	default:
		panic(fmt.Sprintf("ledger: document value of type %T", v))
	}
	return &s
}
