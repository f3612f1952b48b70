package exchange

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"reliefledger/internal/sheet"
	"reliefledger/ledger"
)

// reading puts what a cell says into a request, or complains. Whether a code is known and a quantity is there is for the book to say.
type reading[B any] func(*B, sheet.Cell) *complaint

// text reads names and codes.
func text[B any](set func(*B, string)) reading[B] {
	return func(b *B, c sheet.Cell) *complaint {
		if c.Kind == sheet.Day {
			return dayForText.about(c.Text)
		}
		set(b, c.Text)
		return nil
	}
}

func number[B any](set func(*B, decimal.Decimal)) reading[B] {
	return func(b *B, c sheet.Cell) *complaint {
		d, err := ledger.ParseNumber(c.Text, ledger.MaxDecimals)
		if err != nil || c.Kind == sheet.Day {
			return notNumber.about(c.Text, ledger.MaxIntegerDigits, ledger.MaxDecimals)
		}
		set(b, d)
		return nil
	}
}

func count[B any](set func(*B, int)) reading[B] {
	return func(b *B, c sheet.Cell) *complaint {
		n, err := strconv.ParseUint(c.Text, 10, 64)
		if err != nil || len(c.Text) > 9 {
			return notCount.about(c.Text)
		}
		set(b, int(n))
		return nil
	}
}

// written are the ways to write a day in a text. Which of 3/4 is the month nobody can tell: a year comes first.
var written = regexp.MustCompile(`^([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?$|^([0-9]{4})([0-9]{2})([0-9]{2})$`)

func day[B any](set func(*B, ledger.Date)) reading[B] {
	return func(b *B, c sheet.Cell) *complaint {
		parts := written.FindStringSubmatch(c.Text)
		if parts == nil {
			return notDay.about(c.Text)
		}
		year, month, date := parts[1]+parts[4], "0"+parts[2]+parts[5], "0"+parts[3]+parts[6]
		d, err := ledger.ParseDate(fmt.Sprintf("%s-%s-%s", year, month[len(month)-2:], date[len(date)-2:]))
		if err != nil {
			return notDay.about(c.Text)
		}
		set(b, d)
		return nil
	}
}

var flags = map[string]bool{"yes": true, "true": true, "1": true, "是": true, "no": false, "false": false, "0": false, "否": false}

func flag[B any](set func(*B, bool)) reading[B] {
	return func(b *B, c sheet.Cell) *complaint {
		yes, known := flags[strings.ToLower(c.Text)]
		if !known {
			return notFlag.about(c.Text)
		}
		set(b, yes)
		return nil
	}
}

// choice is one of the words that a field may hold, with its Chinese.
type choice struct{ word, chinese string }

func oneOf[B any](choices []choice, set func(*B, string)) reading[B] {
	return func(b *B, c sheet.Cell) *complaint {
		var known []string
		for _, one := range choices {
			if strings.EqualFold(c.Text, one.word) || c.Text == one.chinese {
				set(b, one.word)
				return nil
			}
			known = append(known, one.word+" "+one.chinese)
		}
		return notChoice.about(c.Text, strings.Join(known, ", "))
	}
}

// readable complains about cells that say nothing reliable, whatever they are read as.
func readable(c sheet.Cell) *complaint {
	switch c.Kind {
	case sheet.Failed:
		return failedCell.about(c.Text)
	case sheet.Long:
		return longNumber.about(c.Text)
	}
	return nil
}
