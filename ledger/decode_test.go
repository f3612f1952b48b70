package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// decoding reads canonical bytes back, as an outsider would who was handed the bytes of a leaf. It takes only what AppendCanonical writes.
type decoding struct {
	rest []byte
	err  error
}

var errCanonical = errors.New("not canonical bytes")

// decode is the inverse of AppendCanonical.
func decode(b []byte) (Record, error) {
	d := &decoding{rest: b}
	r := Record{}
	if version := d.take(1); d.err == nil && version[0] != canonicalVersion {
		return r, fmt.Errorf("version %d: %w", version[0], errCanonical)
	}
	r.Book, r.Number, r.Kind, r.On = d.text(), d.integer(), d.text(), d.date()
	r.RecordedAt = time.UnixMicro(d.integer()).UTC()
	r.Actor, r.Key = d.text(), d.text()
	copy(r.ContentHash[:], d.take(len(r.ContentHash)))
	r.Document, r.Reverses = d.text(), d.integer()
	for range d.length() {
		r.Moves = append(r.Moves, Move{
			From: Account(d.text()), To: Account(d.text()), Fund: d.text(), Commodity: Commodity{d.text(), d.text()},
			Quantity: d.number(), Value: d.number(),
		})
	}
	for range d.length() {
		l := Lot{Commodity: Commodity{d.text(), d.text()}, Expires: d.date(), Received: d.date()}
		l.Decimals = int32(d.within(0, 1<<31-1))
		r.Lots = append(r.Lots, l)
	}
	for range d.length() {
		row := Row{Table: d.text(), Line: int(d.integer())}
		for range d.length() {
			row.Values = append(row.Values, d.optional())
		}
		r.Rows = append(r.Rows, row)
	}
	if d.err == nil && len(d.rest) > 0 {
		d.err = fmt.Errorf("%d bytes are left: %w", len(d.rest), errCanonical)
	}
	return r, d.err
}

func (d *decoding) take(n int) []byte {
	if d.err != nil || n < 0 || n > len(d.rest) {
		d.err = errCanonical
		return make([]byte, max(0, min(n, 32)))
	}
	taken := d.rest[:n]
	d.rest = d.rest[n:]
	return taken
}

func (d *decoding) integer() int64 { return int64(binary.BigEndian.Uint64(d.take(8))) }

func (d *decoding) within(least, most int64) int64 {
	n := d.integer()
	if n < least || n > most {
		d.err = errCanonical
		return least
	}
	return n
}

// length is the length of a list or text, which cannot be longer than what is left.
func (d *decoding) length() int {
	n := d.within(0, 1<<40)
	if n > int64(len(d.rest)) {
		d.err = errCanonical
	}
	if d.err != nil {
		return 0
	}
	return int(n)
}

func (d *decoding) text() string { return string(d.take(d.length())) }

func (d *decoding) optional() *string {
	switch flag := d.take(1)[0]; {
	case d.err != nil, flag == 0:
		return nil
	case flag != 1:
		d.err = errCanonical
		return nil
	}
	s := d.text()
	return &s
}

func (d *decoding) date() (date Date) {
	s := d.text()
	if err := date.UnmarshalText([]byte(s)); err != nil {
		d.err = errors.Join(d.err, err)
	}
	return date
}

func (d *decoding) number() decimal.Decimal {
	s := d.text()
	n, err := decimal.NewFromString(s)
	if d.err == nil && (err != nil || n.String() != s) {
		d.err = fmt.Errorf("number %.40q: %w", s, errCanonical)
	}
	return n
}
