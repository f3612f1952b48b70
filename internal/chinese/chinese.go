// Package chinese says in Chinese what the program says in English. The program makes its messages in English, with numbers and names
// put into a format; here every such format has its Chinese, in which the same numbers and names stand.
//
// In the Chinese, $1, $2 … are what the English puts into its first, second … place, as it is. #1, #2 … are the same said in Chinese: a
// word, a message inside the message, or several of them; a code or a name stays what it is.
package chinese

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// messages are the Chinese of every format, by what it is about.
var messages = func() []message {
	var all []message
	for _, about := range []map[string]string{ofTheBook, ofGoods, ofMoney, ofCampaigns, ofRegisters, ofReports, ofAccess, ofPersons, ofTheDoor, ofValidation, ofTables, ofCommands, ofCobra, ofActors} {
		for english, chinese := range about {
			all = append(all, prepare(english, chinese))
		}
	}
	// Where several fit, the one that says most by itself is meant: it was not a name that happened to hold its words.
	slices.SortFunc(all, func(a, b message) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.english, b.english))
	})
	return all
}()

// message is one format with its Chinese.
type message struct {
	english string
	chinese string
	longest string // of the pieces between the places: a message without it is another one
	weight  int    // characters outside of places
	fits    *regexp.Regexp
	loosely *regexp.Regexp // fits when a name holds a mark that stands between messages, too
}

// verb is a place in a format.
var verb = regexp.MustCompile(`%[0-9.]*[a-zA-Z]`)

// prepare makes what recognizes a format in a message.
func prepare(english, chinese string) message {
	m := message{english: english, chinese: chinese}
	pieces := verb.Split(english, -1)
	places := verb.FindAllString(english, -1)
	var strict, loose strings.Builder
	for i, piece := range pieces {
		m.weight += len(piece)
		if len(piece) > len(m.longest) {
			m.longest = piece
		}
		strict.WriteString(regexp.QuoteMeta(piece))
		loose.WriteString(regexp.QuoteMeta(piece))
		if i < len(places) {
			holds, mayHold := inPlace(places[i], !strings.Contains(chinese, "#"+strconv.Itoa(i+1)))
			strict.WriteString(holds)
			loose.WriteString(mayHold)
		}
	}
	m.fits = regexp.MustCompile("(?s)^" + strict.String() + "$")
	m.loosely = regexp.MustCompile("(?s)^" + loose.String() + "$")
	return m
}

// inPlace is what stands in a place, and what may stand there. A name or a number usually holds no mark that stands between messages.
func inPlace(verb string, single bool) (holds, mayHold string) {
	const anything = `(.*?)`
	switch kind := verb[len(verb)-1]; {
	case kind == 'd':
		return `(-?[0-9]+)`, `(-?[0-9]+)`
	case kind == 'q':
		return `("(?:[^"\\]|\\.)*"|\[.*?\])`, anything
	case single:
		return `((?:[^;:]|:[^ ])*?)`, anything
	}
	return anything, anything
}

// Of is an English message of the program in Chinese. It reports false when the message is not known.
func Of(english string) (string, bool) {
	var loose func() string
	for _, m := range messages {
		if !strings.Contains(english, m.longest) {
			continue
		}
		if places := m.fits.FindStringSubmatch(english); places != nil {
			return m.fill(places), true
		}
		if places := m.loosely.FindStringSubmatch(english); places != nil && loose == nil {
			loose = func() string { return m.fill(places) }
		}
	}
	if loose != nil {
		return loose(), true
	}
	return "", false
}

// fill puts what stands in the English into the Chinese.
func (m message) fill(places []string) string {
	var said strings.Builder
	for rest := m.chinese; rest != ""; {
		i := strings.IndexAny(rest, "$#")
		if i < 0 || i+1 == len(rest) || rest[i+1] < '1' || rest[i+1] > '9' {
			said.WriteString(rest)
			break
		}
		said.WriteString(rest[:i])
		place := places[rest[i+1]-'0']
		if rest[i] == '#' {
			place = Word(place)
		}
		said.WriteString(place)
		rest = rest[i+2:]
	}
	return said.String()
}

// Lines says what a person is told on a terminal in Chinese, line by line. Where a whole line is no message, what stands before and after
// its colons is said by itself: a place comes first, or a cause last. What is not known, as the words of a database, stays as it is.
func Lines(english string) string {
	lines := strings.Split(english, "\n")
	for i, line := range lines {
		lines[i] = ofLine(line)
	}
	return strings.Join(lines, "\n")
}

func ofLine(line string) string {
	if said, known := Of(line); known {
		return said
	}
	before, after, more := strings.Cut(line, ": ")
	if !more {
		return line
	}
	if said, known := Of(before); known {
		return said + "：" + ofLine(after)
	}
	return before + ": " + ofLine(after)
}

// Word says a word, a message or a list of them in Chinese. What it does not know, as a code or a name, stays as it is.
func Word(english string) string {
	if said, known := wordOf(english); known {
		return said
	}
	for _, between := range separators {
		if parts := strings.Split(english, between.english); len(parts) > 1 {
			for i, part := range parts {
				parts[i] = Word(part)
			}
			if said := strings.Join(parts, between.chinese); strings.Join(parts, between.english) != english {
				return said
			}
		}
	}
	noun, code, _ := strings.Cut(english, " ")
	if word, known := words[noun]; known {
		return strings.TrimSuffix(word+" "+code, " ")
	}
	return english
}

// separators stand between the parts of a list.
var separators = []struct{ english, chinese string }{{"; ", "；"}, {" or ", "或"}, {", ", "、"}}

// wordOf is a word, a list of nothing but what is known, or a message. The list comes first: a place of a message could swallow it.
func wordOf(english string) (string, bool) {
	if word, known := words[english]; known {
		return word, true
	}
	for _, between := range separators {
		parts := strings.Split(english, between.english)
		all := len(parts) > 1
		for i := 0; all && i < len(parts); i++ {
			parts[i], all = wordOf(parts[i])
		}
		if all {
			return strings.Join(parts, between.chinese), true
		}
	}
	return Of(english)
}
