package ledger

// wants is what a batch must know and the state does not.
type wants struct {
	head     bool
	groups   map[Group]bool
	lots     map[Commodity]bool
	accounts map[Account]bool
	tallies  map[string]bool
	days     map[Group]Date // the first day after which the day buckets of a group are needed
	anyDays  Date           // the same for wanted lots and accounts, whose groups are not known yet
	keys     []string
}

func (b *batch) wants(s *state) *wants {
	w := &wants{
		head:   !s.head.known,
		groups: map[Group]bool{}, lots: map[Commodity]bool{}, accounts: map[Account]bool{},
		tallies: map[string]bool{}, days: map[Group]Date{}, anyDays: noDays,
	}
	newest := b.newest()
	for _, j := range b.jobs {
		for _, p := range j.proposals {
			w.add(s, p, newest)
			if b.checkKeys || j.linked {
				w.keys = append(w.keys, p.Key)
			}
		}
	}
	return w
}

// newest is the latest date in the batch: a proposal may be backdated against a neighbour, not only against the book.
func (b *batch) newest() Date {
	newest := allDays
	for _, j := range b.jobs {
		for _, p := range j.proposals {
			newest = max(newest, p.On)
		}
	}
	return newest
}

func (w *wants) add(s *state, p *Proposal, newest Date) {
	since := p.since()
	backdated := w.head || since < max(s.head.latestOn, newest)
	for _, g := range p.Needs.Groups {
		cells, whole := s.groups[g]
		if !whole {
			w.groups[g] = true
		}
		if backdated && (!whole || lackDays(cells, since, newest)) {
			if from, asked := w.days[g]; !asked || since < from {
				w.days[g] = since
			}
		}
	}
	for _, lot := range p.Needs.Lots {
		w.lots[lot] = true
	}
	for _, a := range p.Needs.Accounts {
		w.accounts[a] = true
	}
	if backdated && len(p.Needs.Lots)+len(p.Needs.Accounts) > 0 {
		w.anyDays = min(w.anyDays, since)
	}
	for _, name := range p.Needs.Tallies {
		if _, known := s.tallies[name]; !known {
			w.tallies[name] = true
		}
	}
}

func (w *wants) empty() bool {
	return !w.head && len(w.groups)+len(w.lots)+len(w.accounts)+len(w.tallies)+len(w.days)+len(w.keys) == 0
}

// lackDays reports whether a change dated on may meet later days of a cell that were not read: its own, or those that neighbours
// in the batch are about to add.
func lackDays(cells []*cell, on, newest Date) bool {
	for _, c := range cells {
		if on < c.daysFrom && on < max(c.lastOn, newest) {
			return true
		}
	}
	return false
}
