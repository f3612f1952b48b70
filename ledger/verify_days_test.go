package ledger

import (
	"testing"

	"github.com/shopspring/decimal"
)

func TestResidueIsOfTheNumberNotOfItsWriting(t *testing.T) {
	t.Parallel()
	for _, texts := range [][2]string{{"1.5", "1.50"}, {"0", "0.000"}, {"100", "1e2"}, {"123456789012345678901234.567", "123456789012345678901234.567000000"}} {
		a, b := residue(decimal.RequireFromString(texts[0])), residue(decimal.RequireFromString(texts[1]))
		if a != b {
			t.Errorf("%s and %s are %d and %d", texts[0], texts[1], a, b)
		}
	}
}

func TestResidueAddsUp(t *testing.T) {
	t.Parallel()
	for _, texts := range [][2]string{{"0.1", "0.9"}, {"-3", "2.999999999"}, {"123456789012345678901234.5", "-0.25"}, {"-999999999999999999999999", "1"}} {
		a, b := decimal.RequireFromString(texts[0]), decimal.RequireFromString(texts[1])
		if sum := (residue(a) + residue(b)) % prime; sum != residue(a.Add(b)) {
			t.Errorf("%s and %s: %d, their sum is %d", a, b, sum, residue(a.Add(b)))
		}
		if residue(a) == residue(a.Add(decimal.New(1, -9))) {
			t.Errorf("%s is like what is a billionth larger", a)
		}
	}
}

// TestFingerprintsSeeWhatSumsDoNot moves a quantity from one day of a cell to another: the sum of its days stays the same.
func TestFingerprintsSeeWhatSumsDoNot(t *testing.T) {
	t.Parallel()
	one, three := decimal.NewFromInt(1), decimal.NewFromInt(3)
	for _, c := range []struct {
		second Date
		same   bool
	}{{101, true}, {102, false}} {
		d := days{weights: map[Date]uint64{}}
		from, to := &storedCell{}, &storedCell{}
		d.move(&storedMove{from: from, to: to, quantity: one, value: three}, 100)
		d.move(&storedMove{from: from, to: to, quantity: one, value: three}, 101)
		d.bucket(to, 100, one, three)
		d.bucket(to, c.second, one, three)
		d.bucket(from, 100, one.Neg(), three.Neg())
		d.bucket(from, 101, one.Neg(), three.Neg())
		if from.days != (print{}) || d.differ {
			t.Errorf("%v stands at a cell whose days agree", from.days)
		}
		if (to.days == print{}) != c.same {
			t.Errorf("the second day is stored on %d: fingerprint %v", c.second, to.days)
		}
	}
}
