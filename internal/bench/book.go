package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
	"github.com/uptrace/bun"

	"reliefledger/auth"
	"reliefledger/campaign"
	"reliefledger/fund"
	"reliefledger/internal/pg"
	"reliefledger/ledger"
	"reliefledger/warehouse"
)

const (
	points = 1000
	actor  = "coordinator"
	// application is how the connections of a book in this process name themselves.
	application = "relief bench"
	drive       = "WINTER-23" // the campaign
	action      = "PATROL"
	item        = "QUILT"
	unitCost    = 9650 // in fen
	// received is how many days before today the stock came in, and so the longest history.
	received = 200
)

// stocked is what each point holds: more than any run hands out.
var stocked = decimal.NewFromInt(100_000_000)

// book is an open book with what hands goods out of it.
type book struct {
	*ledger.Book
	dsn    string
	db     *bun.DB
	keeper *warehouse.Keeper
	fund   *fund.Officer
	desk   *campaign.Desk
}

// openBook opens the book of a database as the server does. The zero Options are those of the server.
func openBook(ctx context.Context, dsn string, o ledger.Options) (*book, error) {
	db, err := pg.Open(dsn, pg.Options{Role: "relief_app", Application: application})
	if err != nil {
		return nil, err
	}
	info, err := ledger.Find(ctx, db, "")
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return newBook(dsn, ledger.Open(db, info, o), db, o.Now), nil
}

func newBook(dsn string, of *ledger.Book, db *bun.DB, now func() time.Time) *book {
	if now == nil {
		now = time.Now
	}
	b := &book{of, dsn, db, warehouse.NewKeeper(of, now), fund.NewOfficer(of, now), campaign.NewDesk(of, now)}
	b.keeper.Charge, b.keeper.Campaign, b.fund.Campaign = b.fund.Charge, b.desk.Check, b.desk.Check
	return b
}

func (b *book) close() error {
	b.Close()
	return b.db.Close()
}

func pointCode(n int) string { return fmt.Sprintf("PT-%04d", n) }

func fundCode(n int) string { return fmt.Sprintf("FUND-%d", n%4) }

// furnish makes the book that every side begins with: four funds, one item, a station with a thousand points, stock at each, and
// the tokens of clients, which it answers with.
func furnish(ctx context.Context, dsn string) ([]string, error) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, err
	}
	db, err := pg.Open(dsn, pg.Options{Role: "relief_app", Application: application})
	if err != nil {
		return nil, err
	}
	info := ledger.Info{Code: "bench", Name: "Bench", Zone: zone, Currency: "CNY", Decimals: 2}
	if info.ID, err = ledger.Create(ctx, db, info); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	b := newBook(dsn, ledger.Open(db, info, ledger.Options{}), db, nil)
	var tokens []string
	for _, step := range []func(context.Context) error{b.register, b.stock, b.begin, func(ctx context.Context) (err error) {
		tokens, err = b.admit(ctx)
		return err
	}} {
		if err = step(ctx); err != nil {
			break
		}
	}
	return tokens, errors.Join(err, b.close())
}

// keyholders is how many tokens clients show in turn.
const keyholders = 500

// admit makes the tokens of clients.
func (b *book) admit(ctx context.Context) ([]string, error) {
	keyring := auth.NewKeyring(b.db, b.ID, time.Now)
	tokens := make([]string, keyholders)
	for i := range tokens {
		var err error
		tokens[i], err = keyring.Issue(ctx, auth.Order{
			Actor: actor, Role: auth.Coordinator, Name: fmt.Sprintf("phone %d", i), Life: 24 * time.Hour, By: "bench",
		})
		if err != nil {
			return nil, err
		}
	}
	return tokens, nil
}

func (b *book) register(ctx context.Context) error {
	var funds []fund.Fund
	for n := range 4 {
		funds = append(funds, fund.Fund{Code: fundCode(n), Name: fundCode(n)})
	}
	locations := []warehouse.Location{{Code: "ST-01", Name: "Station", Kind: warehouse.Station}}
	for n := range points {
		locations = append(locations, warehouse.Location{Code: pointCode(n), Name: pointCode(n), Kind: warehouse.Point, Parent: "ST-01"})
	}
	_, err := b.fund.Funds.CreateMany(ctx, actor, funds)
	if err != nil {
		return err
	}
	if _, err := b.keeper.Locations.CreateMany(ctx, actor, locations[:1]); err != nil {
		return err
	}
	if _, err := b.keeper.Locations.CreateMany(ctx, actor, locations[1:]); err != nil {
		return err
	}
	if _, err := b.keeper.Items.Create(ctx, actor, warehouse.Item{Code: item, Name: "棉被", NameEn: "Quilt", Unit: "床", Category: "quilt"}); err != nil {
		return err
	}
	_, err = b.desk.Campaigns.Create(ctx, actor, campaign.Campaign{
		Code: drive, Name: "寒冬送温暖", StartsOn: b.Today() - received, Actions: []campaign.Action{{Code: action, Name: "街面巡查"}},
	})
	return err
}

func (b *book) stock(ctx context.Context) error {
	value := stocked.Mul(decimal.New(unitCost, -2))
	proposals := make([]*ledger.Proposal, points)
	for n := range proposals {
		var err error
		proposals[n], err = b.keeper.Receive(ctx, ledger.By{Actor: actor, Key: newKey()}, warehouse.Receipt{
			Location: pointCode(n), Kind: warehouse.Opening, Fund: fundCode(n), On: b.Today() - received,
			Lines: []warehouse.ReceiptLine{{Item: item, Quantity: stocked, Value: &value}},
		})
		if err != nil {
			return err
		}
	}
	_, err := b.postEach(ctx, proposals)
	return err
}

// begin hands out one quilt at each point, so that no side has to make a cell.
func (b *book) begin(ctx context.Context) error {
	next := -1
	_, err := b.handOutMany(ctx, points, func() int { next++; return next }, b.Today()-received)
	return err
}

// postEach posts proposals in bulk and fails when one of them is refused: a benchmark of refusals would be a fast one.
func (b *book) postEach(ctx context.Context, proposals []*ledger.Proposal) (int64, error) {
	outcomes, err := b.PostEach(ctx, proposals)
	if err != nil {
		return 0, err
	}
	for _, o := range outcomes {
		if o.Err != nil {
			return 0, o.Err
		}
	}
	return int64(len(outcomes)), nil
}

// handout is one quilt to one person at a point.
func handout(point int, on ledger.Date) warehouse.Handout {
	return warehouse.Handout{
		Location: pointCode(point), Campaign: drive, Action: action, On: on, People: 1, Sex: "male", Age: "60+",
		Lines: []warehouse.HandoutLine{{Item: item, Quantity: decimal.NewFromInt(1)}},
	}
}

// handOut posts one handout under a new key.
func (b *book) handOut(ctx context.Context, point int, on ledger.Date) error {
	p, err := b.keeper.HandOut(ctx, ledger.By{Actor: actor, Key: newKey()}, handout(point, on))
	if err != nil {
		return err
	}
	_, err = b.Post(ctx, p)
	return err
}

// handOutMany posts n handouts in bulk.
func (b *book) handOutMany(ctx context.Context, n int, where choice, on ledger.Date) (int64, error) {
	proposals := make([]*ledger.Proposal, n)
	for i := range proposals {
		var err error
		if proposals[i], err = b.keeper.HandOut(ctx, ledger.By{Actor: actor, Key: newKey()}, handout(where(), on)); err != nil {
			return 0, err
		}
	}
	return b.postEach(ctx, proposals)
}
