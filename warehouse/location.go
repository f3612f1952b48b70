package warehouse

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// Kinds of locations.
const (
	Province   = "province"
	Prefecture = "prefecture"
	Warehouse  = "warehouse"
	Station    = "station"
	Point      = "point"
	Vehicle    = "vehicle"
)

// Location is a place in the tree of the operation.
type Location struct {
	Code     string      `json:"code" doc:"Code of the location, unique in the book. It never changes. A new one has at most 60 characters, because documents are named after it." example:"PT-0031" minLength:"1" maxLength:"80"`
	Name     string      `json:"name" doc:"Name in the language of the operation." example:"会展路取暖点" minLength:"1" maxLength:"120"`
	NameEn   string      `json:"name_en" required:"false" doc:"Name in English." example:"Huizhan Road warm-up point" maxLength:"120"`
	Kind     string      `json:"kind" doc:"What the location is. It never changes." enum:"province,prefecture,warehouse,station,point,vehicle" example:"point"`
	Parent   string      `json:"parent" required:"false" doc:"Code of the location above; empty for a root. It never changes." example:"ST-5101-01" maxLength:"80"`
	Division string      `json:"division" required:"false" doc:"Six digits of GB/T 2260." example:"510100" maxLength:"6"`
	OpensOn  ledger.Date `json:"opens_on,omitzero" required:"false" doc:"First day on which goods may move here; open from the start when absent." example:"2023-11-15"`
	ClosesOn ledger.Date `json:"closes_on,omitzero" required:"false" doc:"Last day on which goods may move here; open without end when absent." example:"2024-02-29"`
	Path     string      `json:"path" readOnly:"true" required:"false" doc:"Codes from the root to this location; filled in by the register." example:"/51/5101/ST-5101-01/PT-0031/"`
}

// parents says what each kind may stand under; "" is a root. Kinds are in the order of the tree.
var parents = map[string][]string{
	Province:   {""},
	Prefecture: {"", Province},
	Warehouse:  {"", Province, Prefecture, Station},
	Station:    {"", Province, Prefecture},
	Point:      {Prefecture, Warehouse, Station},
	Vehicle:    {"", Province, Prefecture, Warehouse, Station},
}

// maxPath bounds the depth of the tree.
const maxPath = 600

var locationRules = register.Declare(register.Rules[Location]{
	Noun: "location", Table: "locations", MaxCode: register.MaxNaming,
	Code:   func(l Location) string { return l.Code },
	Check:  (*Location).check,
	Settle: settleLocations,
	Steady: steadyLocation,
})

var divisionSyntax = map[string]*regexp.Regexp{
	Province:   regexp.MustCompile(`^[1-9][0-9]0000$`),
	Prefecture: regexp.MustCompile(`^[1-9][0-9]([0-9][1-9]|[1-9]0)00$`),
	"":         regexp.MustCompile(`^[1-9][0-9]{5}$`),
}

func (l *Location) check() error {
	l.Path = "" // only settleLocations decides it
	var c register.Complaints
	c.Code("/code", "location code", l.Code)
	c.Text("/name", "location name", &l.Name, register.MaxName, true)
	c.Text("/name_en", "English location name", &l.NameEn, register.MaxName, false)
	_, known := parents[l.Kind]
	c.Unless(known, "/kind", "kind %.40q is none of province, prefecture, warehouse, station, point, vehicle", l.Kind)
	if l.Parent != "" {
		c.Code("/parent", "parent", l.Parent)
	}
	syntax, own := divisionSyntax[l.Kind]
	if !own {
		syntax = divisionSyntax[""]
	}
	c.Unless(l.Division == "" || syntax.MatchString(l.Division), "/division", "division %.40q is not the six digits of a %s in GB/T 2260", l.Division, l.Kind)
	c.Period("/closes_on", "location "+l.Code, l.period())
	return c.Err()
}

// settleLocations finds the parent of each location, among those before it in the request or in the register, checks that the
// kinds fit and writes the path down.
func settleLocations(ctx context.Context, tx bun.IDB, bookID int, locations []*Location, at func(int) string) error {
	known, err := parentsOf(ctx, tx, bookID, locations)
	if err != nil {
		return err
	}
	var faults ledger.Faults
	for i, l := range locations {
		_ = faults.Add(at(i)+"/parent", l.settle(known))
		known[l.Code] = *l
	}
	return faults.Err()
}

func (l *Location) settle(known map[string]Location) error {
	above := known[l.Parent]
	switch {
	case l.Parent != "" && above.Code == "":
		return ledger.Refuse(ledger.NotFound, "", fmt.Sprintf("location %s is not in the register, a parent of %s wanted", l.Parent, l.Code))
	case !slices.Contains(parents[l.Kind], above.Kind):
		return ledger.Refuse(ledger.Invalid, "", fmt.Sprintf("%s %s stands %s, wanted %s", l.Kind, l.Code, under(above.Kind), wantedParents(l.Kind)))
	}
	l.Path = above.Path + l.Code + "/"
	if l.Parent == "" {
		l.Path = "/" + l.Path
	}
	if len(l.Path) > maxPath {
		return ledger.Refuse(ledger.Invalid, "", fmt.Sprintf("path of %s has %d characters, at most %d wanted", l.Code, len(l.Path), maxPath))
	}
	return nil
}

func under(kind string) string {
	if kind == "" {
		return "at the root"
	}
	return "under a " + kind
}

func wantedParents(kind string) string {
	var wanted []string
	for _, p := range parents[kind] {
		wanted = append(wanted, under(p))
	}
	return strings.Join(wanted, " or ")
}

func parentsOf(ctx context.Context, tx bun.IDB, bookID int, locations []*Location) (map[string]Location, error) {
	var codes []string
	for _, l := range locations {
		if l.Parent != "" {
			codes = append(codes, l.Parent)
		}
	}
	known := map[string]Location{}
	if len(codes) == 0 {
		return known, nil
	}
	var found []Location
	err := tx.NewSelect().TableExpr("locations AS r").Column("code", "kind", "path").
		Where("book_id = ? AND code IN (?)", bookID, bun.List(codes)).Apply(register.Within(ctx)).Scan(ctx, &found)
	for _, l := range found {
		known[l.Code] = l
	}
	return known, err
}

func steadyLocation(was, is Location) error {
	var c register.Complaints
	c.Unless(was.Kind == is.Kind, "/kind", "location %s is a %s, not a %s: what stands under it relies on it", was.Code, was.Kind, is.Kind)
	c.Unless(was.Parent == is.Parent, "/parent", "location %s stands under %q, not %q: figures already reported by subtree would change", was.Code, was.Parent, is.Parent)
	return c.Err()
}

func (l Location) period() register.Period {
	return register.Period{First: l.OpensOn, Last: l.ClosesOn}
}

// Open refuses a day on which the location is not open, with NotOpen.
func (l Location) Open(on ledger.Date) error {
	if l.period().Holds(on) {
		return nil
	}
	return &ledger.Refusal{Faults: []ledger.Fault{{
		Code: ledger.NotOpen, Location: l.Code,
		Message: fmt.Sprintf("location %s is open %s, not on %s", l.Code, l.period(), on),
	}}}
}

// HoldsGoods reports whether goods can stand at the location itself: a province or prefecture only groups others.
func (l Location) HoldsGoods() bool { return l.Kind != Province && l.Kind != Prefecture }

// Under is the SQL condition that a location's path, named by column as in "l.path", lies in the subtree of root:
// the root itself or anything below it. It compares in byte order, so that the index of paths serves it.
func Under(bookID int, column, root string) schema.QueryWithArgs {
	return bun.SafeQuery(`EXISTS (SELECT FROM locations root WHERE root.book_id = ?0 AND root.code = ?1
		AND ?2 >= root.path AND ?2 < left(root.path, -1) || '0')`, bookID, root, bun.Ident(column))
}
