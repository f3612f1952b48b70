package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"reliefledger/fund"
	"reliefledger/internal/exchange"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

// blind does not see in trying what booking refuses in its turn, as when somebody else is faster.
func blind[B any](to exchange.Poster[B]) exchange.Poster[B] {
	return func(ctx context.Context, dry bool, keys []string, requests []B) ([]exchange.Outcome, error) {
		if dry {
			return make([]exchange.Outcome, len(requests)), nil
		}
		return to(ctx, dry, keys, requests)
	}
}

// byPlace gives documents the keys of earlier versions.
func byPlace[B any](to exchange.Poster[B]) exchange.Poster[B] {
	return func(ctx context.Context, dry bool, keys []string, requests []B) ([]exchange.Outcome, error) {
		old := make([]string, len(keys))
		for i := range keys {
			old[i] = fmt.Sprintf("%s/%d", keys[0], i)
		}
		return to(ctx, dry, old, requests)
	}
}

// A row that is emptied moves no other row to another key, whatever batch it was in.
func TestAnEmptiedRowPaysNobodyTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	h.contribute("CASH-23", "1000.00")
	rows := []string{"on,kind,fund,bank,payee,amount,location"}
	for n := range 600 {
		rows = append(rows, fmt.Sprintf("2024-03-04,relief-cash,CASH-23,ICBC,p-%d,1.00,ST-1", n))
	}
	rows[400] = strings.Replace(rows[400], ",1.00,", ",5000,", 1)
	posters := h.posters
	posters.Payments = blind(posters.Payments)
	s, err := give(t.Context(), t, "payments", []byte(strings.Join(rows, "\n")), posters, exchange.Options{})
	if err != nil || s.New != 599 {
		t.Fatalf("%+v, %v", s, err)
	}
	wantFaults(t, told(s, exchange.English), []string{"row 401, column F (amount): bank:ICBC holds 601.00 CNY for fund CASH-23, 5000.00 wanted"})
	rows[400] = ",,,,,,"
	again, err := h.give("payments", strings.Join(rows, "\n"), exchange.Options{Key: s.Key})
	if err != nil || again.Refused() || again.New != 0 || again.Repeated != 599 {
		t.Errorf("%+v, %v", again, err)
	}
	h.holds("expense:relief-cash", "CNY  CASH-23 599 599.00")
}

func TestAnEmptiedRowHandsOutNothingTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	const stock = "location,fund,on,item,quantity,value\nST-1,WINTER-23,2024-03-01,QUILT,%d,%d\n"
	h.takes("opening", fmt.Sprintf(stock, 599, 599))
	rows := slices.Concat([]string{"location,people,on,item,quantity"}, slices.Repeat([]string{"ST-1,1,2024-03-03,QUILT,1"}, 600))
	s, err := h.give("handouts", strings.Join(rows, "\n"), exchange.Options{})
	if err != nil || s.New != 599 {
		t.Fatalf("%+v, %v", s, err)
	}
	wantFaults(t, told(s, exchange.English), []string{"row 601, column E (quantity): stock:ST-1 holds 0 of QUILT, 1 wanted"})
	h.takes("opening", fmt.Sprintf(stock, 500, 500))
	rows[2] = ",,,,"
	again, err := h.give("handouts", strings.Join(rows, "\n"), exchange.Options{Key: s.Key})
	if err != nil || again.Refused() || again.New != 1 || again.Repeated != 598 {
		t.Errorf("%+v, %v", again, err)
	}
}

// Rows that become one document change that document only.
func TestACorrectedReferenceChangesItsOwnDocument(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	h.takes("opening", "location,fund,on,item,quantity,value\nST-1,WINTER-23,2024-03-01,QUILT,1000,1000\n")
	rows := []string{"reference,location,people,on,item,quantity"}
	for n := range 300 {
		rows = append(rows, fmt.Sprintf("%d,ST-1,%d,2024-03-03,QUILT,1", n, n+1))
	}
	rows[10], rows[11] = "9,ST-1,10,2024-03-03,QUILT,5000", "9b,ST-1,10,2024-03-03,QUILT,5000"
	posters := h.posters
	posters.Handouts = blind(posters.Handouts)
	s, err := give(t.Context(), t, "handouts", []byte(strings.Join(rows, "\n")), posters, exchange.Options{})
	if err != nil || s.New != 298 || len(s.Faults) != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	rows[10], rows[11] = "9,ST-1,10,2024-03-03,QUILT,5", "9,ST-1,10,2024-03-03,QUILT,6"
	again, err := h.give("handouts", strings.Join(rows, "\n"), exchange.Options{Key: s.Key})
	if err != nil || again.Refused() || again.Documents != 299 || again.New != 1 || again.Repeated != 298 {
		t.Errorf("%+v, %v", again, err)
	}
	rows[21] = "19,ST-1,20,2024-03-03,QUILT,1"
	joined, err := h.give("handouts", strings.Join(rows, "\n"), exchange.Options{Key: s.Key})
	if err != nil {
		t.Fatal(err)
	}
	wantFaults(t, told(joined, exchange.English), []string{
		fmt.Sprintf("row 21: key %s/21 was used for entry 19 with another lines", s.Key),
	})
}

// Opening stock has no references: where a document ends must not hang on how many rows are left out of it.
func TestAnEmptiedRowMovesNoOpeningStock(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	rows := slices.Concat([]string{"location,fund,on,item,quantity,value"}, slices.Repeat([]string{"ST-1,WINTER-23,2024-03-01,QUILT,1,50"}, 1200))
	refused := errors.New("not now")
	posters := h.posters
	posters.Receipts = func(ctx context.Context, dry bool, keys []string, requests []warehouse.Receipt) ([]exchange.Outcome, error) {
		if dry {
			return make([]exchange.Outcome, len(requests)), nil
		}
		outcomes, err := h.posters.Receipts(ctx, dry, []string{keys[0], keys[2]}, []warehouse.Receipt{requests[0], requests[2]})
		if err != nil {
			return nil, err
		}
		return []exchange.Outcome{outcomes[0], {Faults: []ledger.Fault{{Code: ledger.Invalid, Message: refused.Error()}}}, outcomes[1]}, nil
	}
	s, err := give(t.Context(), t, "opening", []byte(strings.Join(rows, "\n")), posters, exchange.Options{})
	if err != nil || s.Documents != 3 || s.New != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	rows[501], rows[600] = ",,,,,", ",,,,,"
	again, err := h.give("opening", strings.Join(rows, "\n"), exchange.Options{Key: s.Key})
	if err != nil || again.Refused() || again.New != 1 || again.Repeated != 2 {
		t.Errorf("%+v, %v", again, err)
	}
	var held int
	if err := h.book.DB().NewRaw("SELECT sum(quantity) FROM cells WHERE account = 'stock:ST-1'").Scan(t.Context(), &held); err != nil || held != 1198 {
		t.Errorf("%d quilts, %v", held, err)
	}
}

// A file that an earlier version has begun goes on under its keys; a corrected one would book what is there again, and is refused.
func TestAFileThatAnEarlierVersionBegan(t *testing.T) {
	t.Parallel()
	h := newHouse(t).registers()
	h.contribute("CASH-23", "1000.00")
	rows := []string{"on,kind,fund,bank,payee,amount,location"}
	for n := range 450 {
		rows = append(rows, fmt.Sprintf("2024-03-04,relief-cash,CASH-23,ICBC,p-%d,1.00,ST-1", n))
	}
	file := strings.Join(rows, "\n")
	cut, batches := errors.New("the line is cut"), 0
	posters := h.posters
	posters.Payments = blind(byPlace(func(ctx context.Context, dry bool, keys []string, requests []fund.Payment) ([]exchange.Outcome, error) {
		if batches++; batches > 2 {
			return nil, cut
		}
		return h.posters.Payments(ctx, dry, keys, requests)
	}))
	s, err := give(t.Context(), t, "payments", []byte(file), posters, exchange.Options{})
	if !errors.Is(err, cut) || s.New != 400 {
		t.Fatalf("%+v, %v", s, err)
	}
	want := "an earlier version has booked a part under key " + s.Key + ", which holds for that very file only"
	for _, emptied := range []int{1, 3, 401} {
		corrected := slices.Clone(rows)
		corrected[emptied] = ",,,,,,"
		if _, err := h.give("payments", strings.Join(corrected, "\n"), exchange.Options{Key: s.Key}); err == nil || err.Error() != want {
			t.Errorf("row %d emptied: %v", emptied+1, err)
		}
	}
	for _, news := range []int{50, 0} {
		if s := h.takes("payments", file); s.New != news || s.Repeated != 450-news {
			t.Errorf("the same file: %+v", s)
		}
	}
	h.holds("expense:relief-cash", "CNY  CASH-23 450 450.00")
}
