package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"math/big"
	"math/bits"
	"math/rand/v2"

	"github.com/shopspring/decimal"
)

// days compares the day buckets of every cell with its moves without holding the days of a book in memory: each cell keeps one
// fingerprint. A quantity is a number of the field of integers modulo a prime; each day has a random weight, drawn anew for each run; the
// fingerprint is the sum of weight times quantity over all moves, less the same over all buckets. It is zero where both agree, and
// otherwise only once in two million million million runs. Where it is not zero, a query names the days.
type days struct {
	weights map[Date]uint64
	differ  bool // something was found that stands beside every cell
}

// prime is 2^61-1: products are reduced by a shift and an addition.
const prime = 1<<61 - 1

// print is the fingerprint of a cell.
type print struct{ quantity, value uint64 }

func (d *days) weight(on Date) uint64 {
	w, known := d.weights[on]
	if !known {
		w = 1 + rand.Uint64N(prime-1)
		d.weights[on] = w
	}
	return w
}

// move notes a move at both of its cells.
func (d *days) move(m *storedMove, on Date) {
	if m.from == nil || m.to == nil {
		d.differ = true
		return
	}
	m.from.latestOn, m.to.latestOn = max(m.from.latestOn, on), max(m.to.latestOn, on)
	w := d.weight(on)
	quantity, value := multiply(w, residue(m.quantity)), multiply(w, residue(m.value))
	m.from.days = m.from.days.plus(prime-quantity, prime-value)
	m.to.days = m.to.days.plus(quantity, value)
}

// bucket takes a stored bucket off the cell that it belongs to.
func (d *days) bucket(c *storedCell, on Date, quantity, value decimal.Decimal) {
	if c == nil {
		d.differ = true
		return
	}
	w := d.weight(on)
	c.days = c.days.plus(prime-multiply(w, residue(quantity)), prime-multiply(w, residue(value)))
}

func (p print) plus(quantity, value uint64) print {
	return print{(p.quantity + quantity) % prime, (p.value + value) % prime}
}

// multiply is the product modulo the prime.
func multiply(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return (low&prime + (low>>61 | high<<3)) % prime
}

// residue is a decimal number modulo the prime. Tenths have one too, because ten has an inverse there.
func residue(d decimal.Decimal) uint64 {
	var r uint64
	if d.NumDigits() <= 18 {
		n := d.CoefficientInt64()
		if r = uint64(max(n, -n)) % prime; n < 0 {
			r = (prime - r) % prime
		}
	} else {
		r = new(big.Int).Mod(d.Coefficient(), big.NewInt(prime)).Uint64()
	}
	step := uint64(10)
	e := d.Exponent()
	if e < 0 {
		step, e = tenth, -e
	}
	for ; e > 0; e-- {
		r = multiply(r, step)
	}
	return r
}

// tenth is the inverse of ten.
var tenth = new(big.Int).ModInverse(big.NewInt(10), big.NewInt(prime)).Uint64()

// compareDays reads all buckets and reports whether any day differs from the moves.
func (v *verification) compareDays(ctx context.Context, on *lane) (differ bool, err error) {
	type bucket struct {
		cell            int64
		on              Date
		quantity, value decimal.Decimal
	}
	rows, err := open(ctx, on, "verify_days", fmt.Sprintf(`SELECT cell, "on", quantity, value FROM cell_days WHERE book_id = %d`, v.book.ID),
		func(rows *sql.Rows, b *bucket) error { return rows.Scan(&b.cell, &b.on, &b.quantity, &b.value) })
	if err != nil {
		return false, err
	}
	for {
		b, err := rows.peek(ctx)
		if err != nil {
			return false, err
		}
		if b == nil {
			break
		}
		v.days.bucket(v.walk.cells[b.cell], b.on, b.quantity, b.value)
		rows.take()
	}
	for _, c := range v.walk.cells {
		v.days.differ = v.days.differ || c.days != print{}
	}
	return v.days.differ, nil
}

// nameDays names the days that differ.
func (v *verification) nameDays(ctx context.Context, on *lane) error {
	differ, err := v.compareDays(ctx, on)
	if err != nil || !differ {
		return err
	}
	broken, err := on.ask(ctx, daysRule, v.book)
	for _, text := range broken {
		v.report(daysRule.Name, 0, "%s", text)
	}
	return err
}
