package report

import (
	"fmt"
	"strings"
)

// Chinese writes the bulletin as official reports do.
func (b Bulletin) Chinese() string {
	var t strings.Builder
	fmt.Fprintf(&t, "%s 简报\n", b.Name)
	fmt.Fprintf(&t, "范围：%s\n", orElse(b.Place, "全部"))
	fmt.Fprintf(&t, "日期：%s 至 %s\n", b.From, orElse(b.To.String(), "今"))
	fmt.Fprintf(&t, "截至第%d号分录\n", b.KnownAt)
	if b.Drill {
		t.WriteString("演练：不计入任何合计\n")
	}
	action := ""
	for _, f := range b.Figures {
		if f.Action != action {
			action = f.Action
			fmt.Fprintf(&t, "\n%s\n", action)
		}
		fmt.Fprintf(&t, "  %s：%s\n", f.Name, f.Text)
	}
	return t.String()
}

// English writes the bulletin in English.
func (b Bulletin) English() string {
	var t strings.Builder
	fmt.Fprintf(&t, "%s: bulletin\n", orElse(b.NameEn, b.Name))
	fmt.Fprintf(&t, "Where: %s\n", orElse(orElse(b.PlaceEn, b.Place), "everywhere"))
	fmt.Fprintf(&t, "When: %s to %s\n", b.From, orElse(b.To.String(), "now"))
	fmt.Fprintf(&t, "As known at entry %d\n", b.KnownAt)
	if b.Drill {
		t.WriteString("An exercise: it counts in no total\n")
	}
	action := ""
	for _, f := range b.Figures {
		if f.ActionEn != action {
			action = f.ActionEn
			fmt.Fprintf(&t, "\n%s\n", action)
		}
		fmt.Fprintf(&t, "  %s: %s\n", f.NameEn, f.TextEn)
	}
	return t.String()
}
