package warehouse

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// Item is a kind of goods, counted in one base unit with a fixed number of decimals.
type Item struct {
	Code           string `json:"code" doc:"Code of the item, unique in the book. It never changes." example:"QUILT" minLength:"1" maxLength:"80"`
	Name           string `json:"name" doc:"Name in the language of the operation." example:"棉被" minLength:"1" maxLength:"120"`
	NameEn         string `json:"name_en" required:"false" doc:"Name in English." example:"Quilt" maxLength:"120"`
	Unit           string `json:"unit" doc:"Base unit that every quantity of the book is counted in. It never changes." example:"床" minLength:"1" maxLength:"20"`
	Decimals       int32  `json:"decimals" required:"false" doc:"Decimals of a quantity in the base unit: 0 for pieces. It never changes." example:"0" minimum:"0" maximum:"9"`
	Category       string `json:"category" doc:"Group of the bulletin that the item counts in. It never changes." enum:"clothing,quilt,hygiene,food,leaflet,equipment,other" example:"quilt"`
	Packs          []Pack `json:"packs" required:"false" doc:"Packs as exact multiples of the base unit." maxItems:"50"`
	Expires        bool   `json:"expires" required:"false" doc:"True when every lot must carry an expiry date. It never changes."`
	ShelfLifeDays  int32  `json:"shelf_life_days" required:"false" doc:"Days from production to expiry, 0 when unknown." minimum:"0" maximum:"36500"`
	Classification string `json:"classification" required:"false" doc:"Seven digits of GB/T 38565." example:"1010203" maxLength:"7"`
	Retired        bool   `json:"retired" required:"false" doc:"True when no more of the item is taken in; what is there may still leave."`
}

// Pack is a way to count an item in bulk: a bale of 20.
type Pack struct {
	Name     string          `json:"name" doc:"Name of the pack." example:"包" minLength:"1" maxLength:"20"`
	Quantity decimal.Decimal `json:"quantity" doc:"How much of the base unit one pack holds." example:"20"`
}

// Categories are the groups of the bulletin.
var Categories = []string{"clothing", "quilt", "hygiene", "food", "leaflet", "equipment", "other"}

var itemRules = register.Declare(register.Rules[Item]{
	Noun: "item", Table: "items",
	Code:   func(i Item) string { return i.Code },
	Check:  (*Item).check,
	Steady: steadyItem,
})

var classificationSyntax = regexp.MustCompile(`^[1-3][0-9]{6}$`)

func (i *Item) check() error {
	var c register.Complaints
	c.Code("/code", "item code", i.Code)
	c.Text("/name", "item name", &i.Name, register.MaxName, true)
	c.Text("/name_en", "English item name", &i.NameEn, register.MaxName, false)
	c.Text("/unit", "unit", &i.Unit, 20, true)
	c.Unless(i.Decimals >= 0 && i.Decimals <= ledger.MaxDecimals, "/decimals", "item %s has %d decimals, 0 to %d wanted", i.Code, i.Decimals, ledger.MaxDecimals)
	c.Unless(slices.Contains(Categories, i.Category), "/category", "category %.40q is none of %s", i.Category, strings.Join(Categories, ", "))
	c.Unless(i.ShelfLifeDays >= 0 && i.ShelfLifeDays <= 36500, "/shelf_life_days", "shelf life is %d days, 0 to 36500 wanted", i.ShelfLifeDays)
	c.Unless(i.ShelfLifeDays == 0 || i.Expires, "/shelf_life_days", "item %s has a shelf life of %d days but does not expire", i.Code, i.ShelfLifeDays)
	c.Unless(i.Classification == "" || classificationSyntax.MatchString(i.Classification), "/classification",
		"classification %.40q is not seven digits of GB/T 38565 that begin with 1, 2 or 3", i.Classification)
	i.checkPacks(&c)
	return c.Err()
}

func (i *Item) checkPacks(c *register.Complaints) {
	c.Unless(len(i.Packs) <= 50, "/packs", "item %s has %d packs, at most 50 wanted", i.Code, len(i.Packs))
	i.Packs = append([]Pack{}, i.Packs...) // never null, and never the sender's own slice
	names := map[string]bool{i.Unit: true}
	for n := range i.Packs {
		pack, pointer := &i.Packs[n], fmt.Sprintf("/packs/%d", n)
		c.Text(pointer+"/name", "pack name", &pack.Name, 20, true)
		c.Unless(!names[pack.Name], pointer+"/name", "pack %s of item %s is there twice or is its unit", pack.Name, i.Code)
		names[pack.Name] = true
		c.Unless(pack.Quantity.IsPositive() && pack.Quantity.LessThan(maxQuantity), pointer+"/quantity",
			"pack %s of item %s holds %s, more than 0 and at most 24 digits wanted", pack.Name, i.Code, written(pack.Quantity))
		c.Unless(fits(pack.Quantity, i.Decimals), pointer+"/quantity",
			"pack %s of item %s holds %s, at most %d decimals wanted", pack.Name, i.Code, written(pack.Quantity), i.Decimals)
		pack.Quantity = pack.Quantity.Truncate(ledger.MaxDecimals)
	}
}

func steadyItem(was, is Item) error {
	var c register.Complaints
	c.Unless(was.Unit == is.Unit, "/unit", "item %s is counted in %s, not %s: quantities in the book would change their meaning", was.Code, was.Unit, is.Unit)
	c.Unless(was.Decimals == is.Decimals, "/decimals", "item %s has %d decimals, not %d: lots in the book are counted so", was.Code, was.Decimals, is.Decimals)
	c.Unless(was.Category == is.Category, "/category", "item %s has the category %s, not %s: bulletins count it so", was.Code, was.Category, is.Category)
	c.Unless(was.Expires == is.Expires, "/expires", "item %s was created with expires %t: lots in the book rely on it", was.Code, was.Expires)
	return c.Err()
}

// Quantity is q packs in the base unit, exactly: 0.3 of a bale of 20 is 6, and 0.33 of it is refused, never rounded.
// An empty pack and the unit itself both mean the base unit. Faults stand under /quantity and /pack.
func (i Item) Quantity(pack string, q decimal.Decimal) (decimal.Decimal, error) {
	holds := decimal.NewFromInt(1)
	if pack != "" && pack != i.Unit {
		n := slices.IndexFunc(i.Packs, func(p Pack) bool { return p.Name == pack })
		if n < 0 {
			return decimal.Zero, i.refuse("/pack", fmt.Sprintf("item %s has no pack %.40q, it is counted in %s", i.Code, pack, i.counters()))
		}
		holds = i.Packs[n].Quantity
	}
	if !q.IsPositive() || q.GreaterThanOrEqual(maxQuantity) || !fits(q, ledger.MaxDecimals) {
		return decimal.Zero, i.refuse("/quantity", fmt.Sprintf("quantity of %s is %s, a number above 0 of at most 24 digits and %d decimals wanted",
			i.Code, written(q), ledger.MaxDecimals))
	}
	base := q.Mul(holds)
	switch {
	case base.GreaterThanOrEqual(maxQuantity):
		return decimal.Zero, i.refuse("/quantity", fmt.Sprintf("%s %s of %s is %s %s, at most 24 digits wanted", q, pack, i.Code, base, i.Unit))
	case fits(base, i.Decimals):
		return base.Truncate(i.Decimals), nil // without zeros that the column has no room for
	case pack == "" || pack == i.Unit:
		return decimal.Zero, i.refuse("/quantity", fmt.Sprintf("%s %s of %s has too many decimals, %d wanted", q, i.Unit, i.Code, i.Decimals))
	default:
		return decimal.Zero, i.refuse("/quantity", fmt.Sprintf("%s %s of %s is %s %s of %s, at most %d decimals wanted",
			q, pack, holds, base, i.Unit, i.Code, i.Decimals))
	}
}

func (i Item) refuse(pointer, message string) error {
	return &ledger.Refusal{Faults: []ledger.Fault{{Code: ledger.Invalid, Pointer: pointer, Message: message, Item: i.Code}}}
}

func (i Item) counters() string {
	counters := []string{i.Unit}
	for _, p := range i.Packs {
		counters = append(counters, fmt.Sprintf("%s of %s", p.Name, p.Quantity))
	}
	return strings.Join(counters, ", ")
}

// maxQuantity is the first number with more digits before the point than the book takes.
var maxQuantity = decimal.New(1, ledger.MaxIntegerDigits)

// fits reports whether d needs no more than the given decimals.
func fits(d decimal.Decimal, decimals int32) bool {
	return d.Exponent() >= -decimals || d.Equal(d.Truncate(decimals))
}

// written is d as a message shows it: a number read with a large exponent has thousands of digits.
func written(d decimal.Decimal) string { return fmt.Sprintf("%.60s", d) }
