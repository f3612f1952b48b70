package ledger_test

import (
	"os"
	"strings"
	"testing"

	"reliefledger/ledger"
)

// TestRecipes runs docs/recipes.md: the moves of each block are posted, then its cells are compared.
func TestRecipes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/recipes.md")
	if err != nil {
		t.Fatal(err)
	}
	title, blocks := "", 0
	for part := range strings.SplitSeq(string(text), "\n## ") {
		title, part, _ = strings.Cut(part, "\n")
		_, block, found := strings.Cut(part, "```recipe\n")
		if !found {
			continue
		}
		blocks++
		block, _, _ = strings.Cut(block, "```")
		t.Run(title, func(t *testing.T) { runRecipe(newWorld(t), block) })
	}
	if blocks < 15 {
		t.Errorf("only %d recipes were found", blocks)
	}
}

func runRecipe(w *world, block string) {
	moves, cells, _ := strings.Cut(block, "\n\n")
	last := map[ledger.CellKey]ledger.Cell{}
	known := map[ledger.Commodity]bool{}
	for line := range strings.Lines(moves) {
		f := strings.Fields(line)
		if len(f) != 7 {
			w.t.Fatalf("%q is not: from -> to fund commodity quantity value", line)
		}
		m := ledger.Move{
			From: ledger.Account(f[0]), To: ledger.Account(f[2]), Fund: f[3],
			Commodity: ledger.ParseCommodity(f[4]), Quantity: dec(f[5]), Value: dec(f[6]),
		}
		for _, c := range runMove(w, m, !known[m.Commodity]) {
			last[c.CellKey] = c
		}
		known[m.Commodity] = true
	}
	for line := range strings.Lines(cells) {
		f := strings.Fields(line)
		if len(f) != 5 {
			w.t.Fatalf("%q is not: account fund commodity quantity value", line)
		}
		key := ledger.CellKey{Account: ledger.Account(f[0]), Fund: f[1], Commodity: ledger.ParseCommodity(f[2])}
		if c := last[key]; !c.Quantity.Equal(dec(f[3])) || !c.Value.Equal(dec(f[4])) {
			w.t.Errorf("%s %s %s holds %s worth %s, the recipe says %s worth %s", f[0], f[1], f[2], c.Quantity, c.Value, f[3], f[4])
		}
	}
}

// runMove posts one move and answers with its two cells. What leaves a real place must carry the value that the recipe expects.
func runMove(w *world, m ledger.Move, isNew bool) (cells []ledger.Cell) {
	w.post(&ledger.Proposal{
		Header: ledger.Header{Kind: "recipe", On: today, Actor: "reader", Key: w.key()},
		Needs:  ledger.Needs{Groups: []ledger.Group{{Account: m.From, Item: m.Item}, {Account: m.To, Item: m.Item}}},
		Compose: func(d *ledger.Draft) error {
			if isNew && m.Lot != "" {
				d.NewLot(ledger.Lot{Commodity: m.Commodity, Received: today})
			}
			from := ledger.CellKey{Account: m.From, Fund: m.Fund, Commodity: m.Commodity}
			if m.From.Floored() && m.Quantity.IsPositive() {
				taken, err := d.Take(from, m.To, m.Quantity)
				if err == nil && !taken.Value.Equal(m.Value) {
					w.t.Errorf("%s of %s left %s with %s, the recipe says %s", m.Quantity, m.Commodity, m.From, taken.Value, m.Value)
				}
				if err != nil {
					return err
				}
			} else if err := d.Move(m); err != nil {
				return err
			}
			cells = []ledger.Cell{d.Cell(from), d.Cell(ledger.CellKey{Account: m.To, Fund: m.Fund, Commodity: m.Commodity})}
			return nil
		},
	})
	return cells
}
