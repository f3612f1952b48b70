package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"reliefledger/internal/exchange"
	"reliefledger/ledger"
	"reliefledger/openapi/client"
	"reliefledger/report"
	"reliefledger/warehouse"
)

const tableHelp = `Writes a table for a spreadsheet: csv that no spreadsheet takes for formulas, xlsx, or hxl, which is CSV with HXL hashtags. Numbers of more than
15 digits stand in xlsx as text, so that none is lost.`

// tabling is a report that is written as a table.
type tabling struct {
	*reporting
	file   string
	format string
	mark   bool
}

// tables are the reports that spreadsheets read.
func (s *settings) tables() []*cobra.Command {
	card := s.tabling("card LOCATION ITEM", "Write a stock card as a table", cobra.ExactArgs(2), "  relief export card ST-5101-01 QUILT --from 2023-12-01 -o card.xlsx")
	statement := s.tabling("statement FUND", "Write the statement of a fund as a table", cobra.ExactArgs(1), "  relief export statement WINTER-23 --format hxl > winter.csv")
	return []*cobra.Command{
		s.stockTable(),
		card.ofCard(func(_ io.Writer, c report.Card) error {
			return card.write(func(w io.Writer, o exchange.Output) error { return o.Card(w, c) })
		}),
		statement.ofStatement(func(_ io.Writer, f report.FundStatement) error {
			return statement.write(func(w io.Writer, o exchange.Output) error { return o.Statement(w, f) })
		}),
	}
}

func (s *settings) tabling(use, short string, args cobra.PositionalArgs, example string) *tabling {
	t := &tabling{reporting: &reporting{settings: s, Command: &cobra.Command{Use: use, Short: short, Long: tableHelp, Args: args, Example: example}}}
	t.Flags().StringVarP(&t.file, "output", "o", "", "file to write, replaced when the table is whole; the output when left out")
	t.Flags().BoolVar(&t.mark, "mark", false, "begin CSV with a byte order mark, which old spreadsheets need for Chinese")
	oneOf(t.Command, &t.format, "format", "how it is written, by the file's ending when left out", "csv", "xlsx", "hxl")
	return t
}

// stockTable is written page by page, because the stock of a whole book may be longer than the memory.
func (s *settings) stockTable() *cobra.Command {
	t := s.tabling("stock", "Write what there is as a table, by location, lot and fund", cobra.NoArgs, `  relief export stock -o stock.xlsx
  relief export stock --under 5101 --as-of 2023-12-31 --by location --format hxl > stock.csv`)
	q := report.StockQuery{By: []string{"location", "lot", "fund"}, Limit: report.MaxStockLines}
	t.stockFlags(&q)
	t.RunE = func(c *cobra.Command, _ []string) error {
		elsewhere, err := t.isRemote(c)
		if err != nil {
			return err
		}
		if elsewhere {
			return t.stockThere(c.Context(), q)
		}
		return t.stockHere(c.Context(), q)
	}
	return t.Command
}

func (t *tabling) stockHere(ctx context.Context, q report.StockQuery) error {
	return t.look(ctx, true, func(open *reading) error {
		book := ledger.Open(open.db, open.book, ledger.Options{})
		defer book.Close()
		return t.write(func(w io.Writer, o exchange.Output) error {
			o.Currency, o.Today = book.Currency, book.Today()
			return o.Stock(ctx, w, q, report.Room{Book: book}.Stock, warehouse.NewKeeper(book, nil).Locations.Find)
		})
	})
}

func (t *tabling) stockThere(ctx context.Context, q report.StockQuery) error {
	api, err := t.connect()
	if err != nil {
		return err
	}
	page := func(ctx context.Context, q report.StockQuery) (report.Stock, error) {
		return read[report.Stock](api.ReadStock(ctx, stockParameters(q)))
	}
	return t.write(func(w io.Writer, o exchange.Output) error {
		o.Today = ledger.DateOf(time.Now(), time.Local)
		return o.Stock(ctx, w, q, page, func(ctx context.Context, code string) (warehouse.Location, error) { return placeAt(ctx, api, code) })
	})
}

// placeAt is a location of the server. One that this token may not see stays without a name.
func placeAt(ctx context.Context, api *client.Client, code string) (warehouse.Location, error) {
	l, err := read[warehouse.Location](api.ReadLocation(ctx, code))
	var problem answered
	if errors.As(err, &problem) && problem.exit() == absent {
		return warehouse.Location{}, nil
	}
	return l, err
}

// write opens what the table is written to. A file is replaced only by a whole table: half of one looks like all there is.
func (t *tabling) write(table func(io.Writer, exchange.Output) error) error {
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(t.file), "."))
	if ending != string(exchange.XLSX) {
		ending = string(exchange.CSV)
	}
	o := exchange.Output{Format: exchange.Format(cmp.Or(t.format, ending)), Language: exchange.Language(t.language()), Mark: t.mark, Currency: t.currency}
	if t.file == "" {
		return table(t.out, o)
	}
	part, err := os.Create(t.file + ".part")
	if err != nil {
		return err
	}
	err = errors.Join(table(part, o), part.Close())
	if err == nil {
		err = os.Rename(part.Name(), t.file)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s is not written: %w", t.file, err), os.Remove(part.Name()))
	}
	return nil
}
