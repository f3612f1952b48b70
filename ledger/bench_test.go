package ledger_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"reliefledger/internal/pgtest"
	"reliefledger/ledger"
)

// BenchmarkPost posts one-move handouts from many callers at a thousand points, half of them at one point.
func BenchmarkPost(b *testing.B) {
	w := &world{Book: pgtest.Book(b)}
	ctx := context.Background()
	var receipts []*ledger.Proposal
	for i := range 1000 {
		receipts = append(receipts, receive(fmt.Sprint("r", i), today, ledger.Commodity{Item: "QUILT", Lot: fmt.Sprint("L", i)}, ledger.Account(fmt.Sprint("stock:P", i)), "1000000", "100000000"))
	}
	if _, err := w.PostEach(ctx, receipts); err != nil {
		b.Fatal(err)
	}
	var n atomic.Int64
	b.SetParallelism(128)
	b.ResetTimer()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			point := i % 1000 * (i % 2)
			p := take(fmt.Sprintf("h%019d", i), today, ledger.Commodity{Item: "QUILT", Lot: fmt.Sprint("L", point)}, ledger.Account(fmt.Sprint("stock:P", point)), ledger.Account(fmt.Sprint("handed-out:P", point)), "1")
			if _, err := w.Post(ctx, p); err != nil {
				b.Error(err)
			}
		}
	})
}
