package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"reliefledger/auth"
	"reliefledger/internal/chinese"
	"reliefledger/internal/pg"
	"reliefledger/ledger"
	"reliefledger/migrations"
)

// Exit codes, so that a script can tell what to do next.
const (
	succeeded   = 0
	failed      = 1 // look at the message
	misused     = 2 // the command line is wrong
	refused     = 3 // what is in the book does not allow it: not enough, expired, closed
	broken      = 4 // verify found something wrong
	unavailable = 5 // try again: busy, not reachable, outcome unknown
	invalid     = 6 // the request itself is wrong
	forbidden   = 7 // this token, or this person, may not do it
	absent      = 8 // what is named is not there
	conflicting = 9 // it has been changed since, or the key was used for something else
)

const longHelp = `Relief Ledger keeps the stock and the money of a relief operation in one exact book.

Keepers and officers work with a server: relief profile set keeps its address and a token, and relief receive, transfer, arrive, handout and
the other commands of that kind are requests to it. Reports ask it too.

Without one, reports and the commands that run a book open the database itself. Without --db it is a private PostgreSQL in the data directory;
when a server already runs there, commands join it.`

const examples = `  relief serve --demo                 book the winter campaign and serve it on http://127.0.0.1:8080
  relief bulletin WINTER-23           print the campaign's bulletin out of the book
  relief stock --under 5101           what there is in Chengdu, by item
  relief handout PT-0031 QUILT=3      hand out three quilts, through the server of the profile
  relief verify                       prove that nothing in the book was changed
  psql "$(relief db url)"             look at the tables

Exit codes: 0 done, 1 failed, 2 wrong command line, 3 refused by the book, 4 verify found something wrong, 5 try again later (with the same
--key), 6 the request is not valid, 7 not allowed, 8 not there, 9 changed since it was read, or the key was used for something else.`

// settings are what every command is told.
type settings struct {
	data string
	db   string
	book string
	configured
	remote
	out io.Writer
	err io.Writer
}

// hinted is an error with advice.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// errBroken says that verify found something; the findings are on the output already.
var errBroken = errors.New("the book is not what it was")

// run carries out one command line and answers with its exit code.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	s := &settings{out: out, err: errOut}
	root := s.root()
	started := false
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		if err := c.ValidateRequiredFlags(); err != nil {
			return err // the library asks after this, when it would count as a failure of the command itself
		}
		started = true
		return s.configure(c)
	}
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	err := astray(root, args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if err == nil {
		return succeeded
	}
	if !started {
		root.FParseErrWhitelist.UnknownFlags = true
		_ = root.ParseFlags(args) // --lang may not have been read yet: nothing is, when there is no such command
		err = unread(root, args, err)
	}
	s.tell("relief", err.Error())
	if hint := hintFor(err); hint != "" {
		for advice := range strings.SplitSeq(hint, "\n") {
			s.tell(s.say("hint"), advice)
		}
	}
	if !started {
		return misused
	}
	return codeOf(err)
}

// unread says of a command line that could not be read where it is explained: by its command, where that one is known.
func unread(root *cobra.Command, args []string, err error) error {
	if c, _, lost := root.Find(args); lost == nil && c != root {
		return hinted{err, fmt.Sprintf("%s --help explains it, with examples", c.CommandPath())}
	}
	return hinted{err, "relief help shows the commands, relief help COMMAND one of them"}
}

// astray refuses what is no command of a group, as the library does only at the top: it would print the help of the group and call that done,
// so that a script takes relief count PT-0031 QUILT=3 for a count.
func astray(root *cobra.Command, args []string) error {
	root.InitDefaultCompletionCmd(args...) // a group that the library adds
	group, rest, err := root.Find(args)
	if err != nil || group == root || group.Runnable() || group.ParseFlags(rest) != nil || group.Flags().NArg() == 0 {
		return nil
	}
	return fmt.Errorf("unknown command %q for %q", group.Flags().Arg(0), group.CommandPath())
}

// tell tells whoever asks what went wrong or what can be done, in their language.
func (s *settings) tell(what, text string) {
	if s.language() == "zh" {
		text = chinese.Lines(text)
	}
	fmt.Fprintf(s.err, "%s: %s\n", what, text)
}

func hintFor(err error) string {
	var h hinted
	var problem answered
	var silent unanswered
	var refusal *ledger.Refusal
	switch {
	case errors.As(err, &h):
		return h.hint
	case errors.As(err, &problem):
		return problem.hint()
	case errors.As(err, &silent):
		return "the server does not answer: look at the network and at relief profile list, and try again"
	case errors.As(err, &refusal):
		return refusal.Faults[0].Hint
	case errors.Is(err, migrations.ErrNewer):
		return "nothing was touched"
	case errors.Is(err, context.Canceled):
		return "interrupted: the same command goes on where it stopped"
	case errors.Is(err, pg.ErrOutcomeUnknown):
		return "repeat the command: what was booked already is not booked again"
	case pg.IsTransient(err):
		return "the database does not answer or is busy: look at --db and DATABASE_URL, or leave them out for a private PostgreSQL, and try again"
	}
	return ""
}

func codeOf(err error) int {
	var wrong misuse
	var problem answered
	var silent unanswered
	var refusal *ledger.Refusal
	switch {
	case errors.As(err, &wrong):
		return misused
	case errors.As(err, &problem):
		return problem.exit()
	case errors.As(err, &silent):
		return unavailable
	case errors.Is(err, errBroken):
		return broken
	case errors.Is(err, errMisconfigured):
		return misused
	case errors.As(err, &refusal):
		return exitOfRefusal(refusal.Code())
	case errors.Is(err, auth.ErrNoToken), errors.Is(err, auth.ErrNoActor), errors.Is(err, auth.ErrNoBounds):
		return absent
	case errors.Is(err, auth.ErrLast):
		return refused
	case errors.Is(err, errNotReady), errors.Is(err, ledger.ErrBusy), errors.Is(err, ledger.ErrClosed), errors.Is(err, ledger.ErrUnavailable),
		errors.Is(err, pg.ErrOutcomeUnknown), pg.IsTransient(err):
		return unavailable
	}
	return failed
}

func (s *settings) root() *cobra.Command {
	root := &cobra.Command{
		Use: "relief", Short: "Keep the stock and the money of a relief operation in one exact book", Long: longHelp, Example: examples,
		SilenceUsage: true, SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&s.data, "data", "./data", "data directory: the private PostgreSQL, the log's key, its checkpoints")
	root.PersistentFlags().StringVar(&s.db, "db", "", "connection string of a PostgreSQL elsewhere (default $DATABASE_URL)")
	root.PersistentFlags().StringVar(&s.book, "book", "", "code of the book, when there are several")
	s.configFlags(root)
	s.remoteFlags(root)
	root.AddCommand(s.keeping()...)
	root.AddCommand(
		s.serve(), s.demo(),
		s.bulletin(), s.stock(), s.lots(), s.card(), s.statement(), s.trialBalance(), s.agreement(), s.dualControls(),
		s.verify(), s.export(), s.migrate(), s.token(), s.grant(), s.actor(), s.key(), s.recovery(), s.configuration(), s.ready(), s.database(), s.openapi(), s.version(),
	)
	grouped(root)
	s.speak(root)
	return root
}
