package sheet

import (
	"regexp"
	"strings"
)

// stylesPart says how cells show what they hold. It matters because a day is a number that only its style tells from others.
type stylesPart struct {
	Formats []struct {
		ID   int    `xml:"numFmtId,attr"`
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmts>numFmt"`
	Cells []struct {
		Format int `xml:"numFmtId,attr"`
	} `xml:"cellXfs>xf"`
}

func (s stylesPart) days() []bool {
	own := map[int]bool{}
	for _, f := range s.Formats {
		own[f.ID] = showsDay(f.Code)
	}
	days := make([]bool, len(s.Cells))
	for i, c := range s.Cells {
		shows, isOwn := own[c.Format]
		days[i] = shows || (!isOwn && isDayFormat(c.Format))
	}
	return days
}

// isDayFormat knows the formats that every spreadsheet has by number; those from 27 and from 50 are the East Asian calendars.
func isDayFormat(id int) bool {
	return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
}

// literal is what a format shows as it stands, and what it says about colours and languages.
var literal = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)

func showsDay(format string) bool {
	format, _, _ = strings.Cut(literal.ReplaceAllString(format, ""), ";")
	return !strings.EqualFold(format, "General") && strings.ContainsAny(strings.ToLower(format), "ymdhs年月日")
}
