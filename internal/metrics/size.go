package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// size reads how long the book is and how much of it is sealed.
type size struct {
	db   *bun.DB
	book ledger.Info
}

var (
	reachable = prometheus.NewDesc("relief_database_up", "1 when the database answered this scrape, 0 when not.", nil, nil)
	entries   = prometheus.NewDesc("relief_entries", "Entries in the book: the number of its head.", nil, nil)
	sealed    = prometheus.NewDesc("relief_sealed_entries", "Entries under the latest signed checkpoint.", nil, nil)
	signedAt  = prometheus.NewDesc("relief_checkpoint_signed_timestamp_seconds", "When the latest checkpoint was signed.", nil, nil)
)

// Describe tells what Collect tells.
func (s size) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{reachable, entries, sealed, signedAt} {
		to <- d
	}
}

// Collect asks the database. One that does not answer shows as down, and the rest of the scrape stands.
func (s size) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	tell := func(d *prometheus.Desc, v float64) { to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	var number int64
	err := s.db.NewRaw("SELECT number FROM heads WHERE book_id = ?", s.book.ID).Scan(ctx, &number)
	if err != nil {
		tell(reachable, 0)
		return
	}
	tell(reachable, 1)
	tell(entries, float64(number))
	latest, err := ledger.LatestCheckpoint(ctx, s.db, s.book)
	if err != nil || latest.Size == 0 {
		return
	}
	tell(sealed, float64(latest.Size))
	tell(signedAt, float64(latest.SignedAt.Unix()))
}
