package main

import (
	"context"
	"errors"
	"fmt"
)

// most is how many findings of one kind of comparison are told.
const most = 5

// booked is a handout as the book has it.
type booked struct {
	key   string
	entry int64
}

// compare holds the book against what the clients were told.
func (s *stage) compare(ctx context.Context) error {
	found, err := s.booked(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, p := range s.postings {
		if err := p.compare(found[p.key]); err != nil {
			failed = append(failed, err)
		}
		delete(found, p.key)
	}
	for key := range found {
		failed = append(failed, fmt.Errorf("%s is in the book and was never sent", key))
	}
	for _, odd := range s.oddReads {
		failed = append(failed, errors.New(odd))
	}
	if len(failed) > most {
		failed = append(failed[:most], fmt.Errorf("and %d findings more", len(failed)-most))
	}
	return errors.Join(failed...)
}

// booked reads all handouts by pseudonym, which every client makes the same as its key: a second handout under another key would show.
func (s *stage) booked(ctx context.Context) (map[string][]booked, error) {
	rows, err := s.node.admin.QueryContext(ctx, "SELECT h.pseudonym, e.key, e.number FROM handouts h JOIN entries e USING (book_id, number)")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string][]booked{}
	for rows.Next() {
		var pseudonym string
		var b booked
		if err := rows.Scan(&pseudonym, &b.key, &b.entry); err != nil {
			return nil, err
		}
		found[pseudonym] = append(found[pseudonym], b)
	}
	return found, rows.Err()
}

// compare holds one posting against what the book has of it.
func (p *posting) compare(found []booked) error {
	switch {
	case p.odd != "":
		return fmt.Errorf("%s: %s", p.key, p.odd)
	case len(found) > 1:
		return fmt.Errorf("%s is booked %d times: %v", p.key, len(found), found)
	case p.withdrawn && len(found) > 0:
		return fmt.Errorf("%s was answered that nothing was written and is entry %d", p.key, found[0].entry)
	case p.withdrawn:
		return nil
	case p.entry == 0:
		return fmt.Errorf("%s had no answer %s after healing (%d in doubt, %d put off; %d in the book)", p.key, unsettle, p.doubts, p.refusals, len(found))
	case len(found) == 0:
		return fmt.Errorf("%s was acknowledged as entry %d and is lost", p.key, p.entry)
	case found[0] != booked{p.key, p.entry}:
		return fmt.Errorf("%s was acknowledged as entry %d and is entry %d under key %s", p.key, p.entry, found[0].entry, found[0].key)
	}
	return nil
}
