package ledger

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a day in the operation's own calendar, counted from 1970-01-01.
// It has no time zone: the book's zone decides which day an instant falls on.
// The zero Date means "not given" wherever a date is optional.
type Date int32

const dateLayout = "2006-01-02"

// NewDate is the Date of a calendar day.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// DateOf is the day on which t falls in zone.
func DateOf(t time.Time, zone *time.Location) Date {
	return NewDate(t.In(zone).Date())
}

// ParseDate reads a day written as 2006-01-02, from 1900 to 2199.
// The bounds refuse slips of the keyboard before they reach a period or an expiry rule.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil {
		return 0, fmt.Errorf("date %q is not a day written as 2023-12-24", s)
	}
	if t.Year() < 1900 || t.Year() > 2199 || t.Unix() == 0 {
		return 0, fmt.Errorf("date %q is outside 1900 to 2199", s)
	}
	return NewDate(t.Date()), nil
}

// Time is midnight UTC of the day.
func (d Date) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Year is the calendar year of the day.
func (d Date) Year() int { return d.Time().Year() }

// IsZero reports whether the date was not given.
func (d Date) IsZero() bool { return d == 0 }

// String writes the day as 2006-01-02, or nothing for the zero Date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(dateLayout)
}

// MarshalText writes the day as 2006-01-02.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes; an empty text is the zero Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	parsed, err := ParseDate(string(b))
	*d = parsed
	return err
}

// Value stores the day as a PostgreSQL date, the zero Date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d == 0 {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a PostgreSQL date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = 0
	case time.Time:
		*d = NewDate(v.Date())
	case []byte:
		return d.UnmarshalText(v)
	case string:
		return d.UnmarshalText([]byte(v))
	default:
		return fmt.Errorf("date from %T", src)
	}
	return nil
}
