package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"reliefledger/internal/exchange"
	"reliefledger/internal/sheet"
	"reliefledger/ledger"
)

const importHelp = `Books the rows of a spreadsheet, .xlsx or .csv, with headings in Chinese or English; --template begins one.

The whole file is checked and tried first. When that finds any row wrong, every one is told with its row and column, and nothing is booked. Trying goes in batches of
200 documents that do not see each other's takings; so a long file may ask for more than there is, or others may be faster, and single documents are refused in
their turn. They are told, and the others stand. Booking the same file again adds nothing, so an import that was interrupted goes on with the same command. To book a file that was corrected after a part of it was booked, give the key
of the first import with --key: what is in the book is left as it is.

Write numbers of more than 15 digits, and codes that look like dates, in columns that are formatted as text.`

// importing is one kind of table that is booked.
type importing struct {
	*settings
	exchange.Kind
	founding founding
	sheet    string
	key      string
	actor    string
	dry      bool
	json     bool
	template bool
}

func (s *settings) importTables() *cobra.Command {
	c := &cobra.Command{
		Use: "import", Short: "Book the rows of a spreadsheet: registers, opening stock, receipts, handouts, payments", Long: importHelp,
		Example: `  relief import items --template > items.csv      a table to fill in
  relief import items items.csv --dry-run
  relief import receipts 入库.xlsx --sheet 十二月`,
	}
	for _, kind := range exchange.Kinds {
		c.AddCommand(s.importKind(kind))
	}
	return c
}

func (s *settings) importKind(kind exchange.Kind) *cobra.Command {
	i := &importing{settings: s, Kind: kind}
	c := &cobra.Command{
		Use: kind.Name + " FILE", Short: kind.About(exchange.English), Long: i.columns() + "\n\n" + importHelp, Args: i.args, RunE: i.run,
		ValidArgsFunction: cobra.FixedCompletions([]string{"xlsx", "csv"}, cobra.ShellCompDirectiveFilterFileExt),
	}
	f := c.Flags()
	f.StringVar(&i.sheet, "sheet", "", "name of the sheet in a workbook; the first when left out")
	f.StringVar(&i.key, "key", "", "key of an earlier import that this one goes on with; made from the file's content when left out")
	f.BoolVar(&i.dry, "dry-run", false, "check and try every row, show what would be booked, and write nothing")
	f.BoolVar(&i.json, "json", false, "print JSON: the summary and every fault")
	f.BoolVar(&i.template, "template", false, "print an empty table of this kind as CSV")
	f.StringVar(&i.actor, "actor", "", "who answers for the entries, when the book is opened without a server")
	i.founding.foundingFlags(c)
	for _, name := range []string{"name", "zone", "currency", "decimals", "short-limit"} {
		_ = f.MarkHidden(name) // for the rare import that begins a book
	}
	return c
}

// columns lists what a table of the kind may hold.
func (i *importing) columns() string {
	var must, may []string
	chinese := i.Columns(exchange.Chinese)
	for n, c := range i.Columns(exchange.English) {
		name := c.Heading + " " + chinese[n].Heading
		if c.Must {
			must = append(must, name)
		} else {
			may = append(may, name)
		}
	}
	return fmt.Sprintf("%s\n\nColumns that it must have: %s.\nColumns that it may have: %s.",
		i.About(exchange.English), strings.Join(must, ", "), strings.Join(may, ", "))
}

func (i *importing) args(c *cobra.Command, args []string) error {
	if i.template {
		return cobra.NoArgs(c, args)
	}
	return cobra.ExactArgs(1)(c, args)
}

func (i *importing) run(c *cobra.Command, args []string) error {
	if i.template {
		return i.Template(sheet.NewCSV(i.out, true), exchange.Language(i.language()))
	}
	elsewhere, err := i.isRemote(c)
	if err != nil {
		return err
	}
	table, err := sheet.Open(args[0], i.sheet)
	if err != nil {
		return err
	}
	if elsewhere {
		err = i.there(c.Context(), table)
	} else {
		err = i.here(c.Context(), table)
	}
	return errors.Join(err, table.Close())
}

// there books at a server.
func (i *importing) there(ctx context.Context, table *sheet.File) error {
	api, err := i.connect()
	if err != nil {
		return err
	}
	return i.book(ctx, table, postersOf(api))
}

// here books in a database that this process opens.
func (i *importing) here(ctx context.Context, table *sheet.File) error {
	if err := ledger.CheckCode("actor", i.actor); err != nil {
		return misuse{hinted{err, "--actor names who answers for the entries; with --server or a profile it is the token's"}}
	}
	audit, err := i.auditor(io.Discard)
	if err != nil {
		return err
	}
	r, err := i.settings.run(ctx, i.founding, audit)
	if err != nil {
		return err
	}
	return errors.Join(i.book(ctx, table, exchange.Local(r.book, r.keeper, r.officer, i.actor)), r.close())
}

func (i *importing) book(ctx context.Context, table *sheet.File, posters exchange.Posters) error {
	shown := &steps{settings: i.settings, kind: i.Name}
	o := exchange.Options{Language: exchange.Language(i.language()), Key: i.key, DryRun: i.dry, Progress: shown.tell}
	if i.dry && !i.json {
		o.Told = i.tell
	}
	summary, err := i.Import(ctx, table, posters, o)
	shown.end()
	if err != nil && (codeOf(err) == unavailable || ctx.Err() != nil) {
		return hinted{err, "what was booked stays booked; the same command goes on where this one stopped"}
	}
	if err != nil {
		return err
	}
	return i.show(summary)
}

// steps shows how far each step of an import is.
type steps struct {
	*settings
	kind string
	step exchange.Step
	bar  *progress
}

func (s *steps) tell(step exchange.Step, done, total int) {
	if step != s.step {
		s.end()
		s.step, s.bar = step, s.newProgress(s.say(string(step))+" "+s.kind)
	}
	if total > 0 {
		s.bar.tell(int64(done), int64(total))
	}
}

func (s *steps) end() {
	if s.bar != nil {
		s.bar.end()
	}
}

// tell prints what would become of the rows of one document.
func (i *importing) tell(l exchange.Line) {
	rows := fmt.Sprint(l.First)
	if l.Last > l.First {
		rows = fmt.Sprintf("%d-%d", l.First, l.Last)
	}
	state := ""
	if l.Repeated {
		state = "  " + i.say("was there already")
	}
	fmt.Fprintf(i.out, "%s %s  %s%s\n", i.say("row"), rows, l.Document, state)
}

// show prints a summary. Faults are told on standard error, unless they are part of the JSON.
func (i *importing) show(s exchange.Summary) error {
	if i.json {
		if err := printJSON(i.out, s); err != nil {
			return err
		}
	} else {
		for _, fault := range s.Faults {
			fmt.Fprintln(i.err, fault.In(exchange.Language(i.language())))
		}
		fmt.Fprintf(i.out, "%s: %s\n", i.Name, i.counts(s))
	}
	if !s.Refused() {
		return nil
	}
	return hinted{ledger.Refuse(s.Faults[0].Code, "", i.refusal(s)), i.advice(s)}
}

func (i *importing) refusal(s exchange.Summary) string {
	found := len(s.Faults) + s.More
	if i.dry || s.New+s.Repeated == 0 {
		return fmt.Sprintf("faults found: %d; nothing was booked", found)
	}
	return fmt.Sprintf("faults found: %d", found)
}

func (i *importing) advice(s exchange.Summary) string {
	if i.dry || s.New+s.Repeated == 0 {
		return "correct these rows and import the file again"
	}
	return "correct these rows and import the file again with --key " + s.Key
}

// some is a number of things; Chinese says one as it says many.
func (i *importing) some(n int, one, many string) string {
	if n == 1 && i.language() == "en" {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, i.say(many))
}

func (i *importing) counts(s exchange.Summary) string {
	counts := fmt.Sprintf("%s, %s: ", i.some(s.Rows, "row", "rows"), i.some(s.Documents, "document", "documents"))
	switch {
	case i.dry:
		counts += fmt.Sprintf("%d %s", s.New, i.say("would be booked"))
	default:
		counts += fmt.Sprintf("%d %s", s.New, i.say("booked"))
	}
	return counts + fmt.Sprintf(", %d %s; %s %s", s.Repeated, i.say("there already"), i.say("key"), s.Key)
}
