package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// lineHelp teaches how goods are written; every command that takes lines shows it.
const lineHelp = `A line is ITEM=QUANTITY, as QUILT=3. More may be said:

  QUILT/GR-WH-51-2023-00001.1=3     of this lot; else the first to expire
  QUILT=12:bale                     12 bales; else in the item's base unit
  QUILT=3,fund=WINTER-23            of this fund; else of any
`

// line is one line of goods on the command line: ITEM[/LOT]=QUANTITY[:PACK][@PRICE][,WORD[=VALUE]]…
type line struct {
	item, lot, quantity, pack, price string
	words                            map[string]string // what else is said; a word alone stands for itself
}

// readLines reads the lines of a command. The words are those that this command knows.
func readLines(args []string, words ...string) ([]line, error) {
	lines := make([]line, len(args))
	var wrong []error
	for i, arg := range args {
		var err error
		if lines[i], err = readLine(arg, words); err != nil {
			wrong = append(wrong, fmt.Errorf("line %s: %w", arg, err))
		}
	}
	if len(wrong) > 0 {
		return nil, misuse{hinted{errors.Join(wrong...), "a line is ITEM[/LOT]=QUANTITY[:PACK], as QUILT=3 or QUILT=12:bale; --help shows what else it may say"}}
	}
	return lines, nil
}

func readLine(arg string, known []string) (line, error) {
	l := line{words: map[string]string{}}
	goods, rest, more := strings.Cut(arg, ",")
	item, quantity, both := strings.Cut(goods, "=")
	l.item, l.lot, _ = strings.Cut(item, "/")
	if !both || l.item == "" || quantity == "" {
		return l, errors.New("an item, '=' and a quantity are wanted")
	}
	quantity, price, priced := strings.Cut(quantity, "@")
	l.quantity, l.pack, _ = strings.Cut(quantity, ":")
	l.price = price
	switch {
	case l.quantity == "":
		return l, errors.New("there is no quantity")
	case priced && !slices.Contains(known, "@"):
		return l, errors.New("a price has no place here")
	case priced && price == "":
		return l, errors.New("there is no price after '@'")
	}
	for more {
		var word, value string
		var valued bool
		word, rest, more = cutWord(rest)
		word, value, valued = strings.Cut(word, "=")
		place := slices.IndexFunc(known, func(k string) bool { return strings.TrimSuffix(k, "=") == word && k != "@" })
		if place < 0 {
			return l, fmt.Errorf("%q is not known here, %s are", word, strings.Join(slices.DeleteFunc(slices.Clone(known), func(k string) bool { return k == "@" }), ", "))
		}
		if wantsValue := strings.HasSuffix(known[place], "="); wantsValue != (valued && value != "") {
			return l, fmt.Errorf("%q is written %s", word, map[bool]string{true: known[place] + "VALUE", false: "alone"}[wantsValue])
		}
		if _, twice := l.words[word]; twice {
			return l, fmt.Errorf("%q is said twice", word)
		}
		l.words[word] = value
	}
	return l, nil
}

// cutWord takes the next word. A reason runs to the end, commas and all, because people write sentences.
func cutWord(rest string) (word, after string, more bool) {
	if strings.HasPrefix(rest, "reason=") {
		return rest, "", false
	}
	return strings.Cut(rest, ",")
}

// has reports whether a word was said; absent from a request when it was not.
func (l line) has(word string) *bool {
	_, said := l.words[word]
	return given(said)
}

// of is the value of a word; absent when it was not said.
func (l line) of(word string) *string { return given(l.words[word]) }

// linesFrom is the rule for commands that take some arguments and then at least one line.
func linesFrom(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) <= n {
			return fmt.Errorf("%s is wanted, %d arguments are given", c.Use, len(args))
		}
		return nil
	}
}
