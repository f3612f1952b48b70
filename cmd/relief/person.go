package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"reliefledger/ledger"
	"reliefledger/openapi/client"
)

// maxAnswers bounds what is read of a person: three lines.
const maxAnswers = 4096

func (s *settings) person() *cobra.Command {
	c := &cobra.Command{
		Use: "person", Short: "Make pseudonyms, and keep the register of who is behind them",
		Long: `The book knows people by pseudonyms alone. A server may keep a register of who is behind them; every look into it is written down with its purpose.

Names and numbers are asked for, or read from the standard input, and are never arguments: those would stay in the shell's history and be seen by whoever lists processes.`,
	}
	c.AddCommand(s.makePseudonym(), s.keepPerson(), s.lookAtPerson(), s.findPersons(), s.erasePerson(), s.listLooks())
	return c
}

// question is one thing about a person, and whether it may stay unanswered.
type question struct {
	what     string
	optional bool
}

// questions are asked of a person at a terminal; of a program, one line of the standard input answers each.
func (s *settings) questions(in io.Reader, asked ...question) ([]string, error) {
	file, isFile := in.(*os.File)
	terminal := isFile && term.IsTerminal(int(file.Fd()))
	lines := bufio.NewReader(io.LimitReader(in, maxAnswers))
	answers := make([]string, len(asked))
	for i, q := range asked {
		if terminal {
			fmt.Fprintf(s.err, "%s: ", s.say(q.what))
		}
		line, err := lines.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if answers[i] = strings.TrimSpace(line); answers[i] == "" && !q.optional {
			return nil, misuse{hinted{fmt.Errorf("the %s is wanted on the standard input", q.what), "what is asked for is answered line by line, in the order that --help tells"}}
		}
	}
	return answers, nil
}

// purposed is the flag for what a look is for.
func purposed(c *cobra.Command, purpose *string) {
	c.Flags().StringVar(purpose, "purpose", "", "what for; it stays in the record of looks, so it names nobody")
	need(c, "purpose")
}

func (s *settings) makePseudonym() *cobra.Command {
	var numbered, asJSON bool
	c := &cobra.Command{
		Use: "pseudonym", Short: "Make a pseudonym for a handout or a payment, and store nothing", Args: cobra.NoArgs,
		Long: "Prints a new random pseudonym. With --number a resident number is asked for, and the pseudonym is the same one as ever, so that a person who is helped twice is counted once.",
		Example: `  relief handout PT-0031 QUILT=1 --pseudonym "$(relief person pseudonym)"
  relief person pseudonym --number < number.txt`,
		RunE: func(c *cobra.Command, _ []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			var order client.PseudonymOrder
			if numbered {
				answers, err := s.questions(c.InOrStdin(), question{what: "resident number"})
				if err != nil {
					return err
				}
				order.Number = &answers[0]
			}
			return printed(s, asJSON, func(p client.Pseudonym) error {
				_, err := fmt.Fprintln(s.out, p.Pseudonym)
				return err
			})(read[client.Pseudonym](api.MakePseudonym(c.Context(), order)))
		},
	}
	c.Flags().BoolVar(&numbered, "number", false, "ask for a resident number")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

func (s *settings) keepPerson() *cobra.Command {
	var purpose string
	var until ledger.Date
	var asJSON bool
	c := &cobra.Command{
		Use: "keep PSEUDONYM", Short: "Register who is behind a pseudonym, or replace what is registered", Args: cobra.ExactArgs(1),
		Long: "Asks for the name, the phone number and the resident number, in this order, a line each. The last two may stay empty. What was registered before is replaced whole.",
		Example: `  relief person keep P-4QXK2ZJ7TBD4GQ3TMZ5XNBVGC4 --keep-until 2024-06-30 --purpose "winter parcel"
  relief person keep P-4QXK2ZJ7TBD4GQ3TMZ5XNBVGC4 --keep-until 2024-06-30 --purpose "winter parcel" < person.txt`,
		RunE: func(c *cobra.Command, args []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			a, err := s.questions(c.InOrStdin(), question{what: "name"}, question{"phone number", true}, question{"resident number", true})
			if err != nil {
				return err
			}
			r := client.PersonRecord{Name: a[0], Phone: given(a[1]), Number: given(a[2]), KeepUntil: until.String(), Purpose: purpose}
			return printed(s, asJSON, func(k client.KeptPerson) error {
				_, err := fmt.Fprintf(s.out, "%s  %s %s\n", k.Pseudonym, s.say("kept until"), k.KeepUntil)
				return err
			})(read[client.KeptPerson](api.KeepPerson(c.Context(), args[0], r)))
		},
	}
	c.Flags().TextVar(&until, "keep-until", ledger.Date(0), "last day that the purpose told to the person allows to keep this; the person is erased afterwards")
	need(c, "keep-until")
	purposed(c, &purpose)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

func (s *settings) lookAtPerson() *cobra.Command {
	var purpose string
	var asJSON bool
	c := &cobra.Command{
		Use: "look PSEUDONYM", Short: "Look who is behind a pseudonym; the look is written down", Args: cobra.ExactArgs(1),
		Example: `  relief person look P-4QXK2ZJ7TBD4GQ3TMZ5XNBVGC4 --purpose "call back about the lost parcel"`,
		RunE: func(c *cobra.Command, args []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			return printed(s, asJSON, func(p client.Person) error { return s.showPersons([]client.Person{p}) })(
				read[client.Person](api.LookAtPerson(c.Context(), args[0], client.Purpose{Purpose: purpose})))
		},
	}
	purposed(c, &purpose)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

func (s *settings) showPersons(persons []client.Person) error {
	t := s.columns(nil, "pseudonym", "name", "phone number", "resident number", "kept until")
	for _, p := range persons {
		t.add(p.Pseudonym, p.Name, orNothing(p.Phone), orNothing(p.Number), p.KeepUntil)
	}
	return t.write(s.out)
}

func (s *settings) findPersons() *cobra.Command {
	var purpose string
	var asJSON bool
	c := &cobra.Command{
		Use: "find", Short: "Find who is registered with a resident number; the search is written down, the number is not", Args: cobra.NoArgs,
		Example: `  relief person find --purpose "came again" < number.txt`,
		RunE: func(c *cobra.Command, _ []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			answers, err := s.questions(c.InOrStdin(), question{what: "resident number"})
			if err != nil {
				return err
			}
			return printed(s, asJSON, func(f client.FoundPersons) error { return s.showPersons(f.Persons) })(
				read[client.FoundPersons](api.FindPersons(c.Context(), client.PersonSearch{Number: answers[0], Purpose: purpose})))
		},
	}
	purposed(c, &purpose)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

func (s *settings) erasePerson() *cobra.Command {
	var purpose string
	var asJSON bool
	c := &cobra.Command{
		Use: "erase PSEUDONYM", Short: "Forget who is behind a pseudonym; the book does not change", Args: cobra.ExactArgs(1),
		Example: `  relief person erase P-4QXK2ZJ7TBD4GQ3TMZ5XNBVGC4 --purpose "the person asked for it"`,
		RunE: func(c *cobra.Command, args []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			return printed(s, asJSON, func(e client.ErasedPerson) error {
				_, err := fmt.Fprintf(s.out, "%s  %s\n", e.Pseudonym, s.say("erased"))
				return err
			})(read[client.ErasedPerson](api.ErasePerson(c.Context(), args[0], client.Purpose{Purpose: purpose})))
		},
	}
	purposed(c, &purpose)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

func (s *settings) listLooks() *cobra.Command {
	var pseudonym string
	var asJSON bool
	c := &cobra.Command{
		Use: "looks", Short: "List who registered, looked up, found or erased persons, and what for", Args: cobra.NoArgs,
		Example: "  relief person looks --pseudonym P-4QXK2ZJ7TBD4GQ3TMZ5XNBVGC4",
		RunE: func(c *cobra.Command, _ []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			looks, size := []client.Look{}, pageSize
			for after := (*int64)(nil); ; {
				page, err := read[client.LookPage](api.ListLooks(c.Context(), &client.ListLooksParams{Pseudonym: given(pseudonym), After: after, Limit: &size}))
				if err != nil {
					return err
				}
				looks = append(looks, page.Looks...)
				if after = page.Next; after == nil {
					return s.showLooks(looks, asJSON)
				}
			}
		},
	}
	c.Flags().StringVar(&pseudonym, "pseudonym", "", "looks at one person")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

func (s *settings) showLooks(looks []client.Look, asJSON bool) error {
	if asJSON {
		return printJSON(s.out, map[string]any{"looks": looks})
	}
	t := s.columns(nil, "look", "at", "actor", "act", "pseudonym", "registered", "purpose")
	for _, l := range looks {
		registered := ""
		if l.Found {
			registered = s.say("yes")
		}
		t.add(fmt.Sprint(l.Look), l.At.Format(time.DateTime), l.Actor, s.say(string(l.Act)), orNothing(l.Pseudonym), registered, l.Purpose)
	}
	return t.write(s.out)
}
