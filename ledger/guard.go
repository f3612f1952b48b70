package ledger

// Guard makes the proposal refused when check refuses one of the moves that it composes: what the request does not name, as the fund of
// the lot that is taken, is known only then. Like Compose, check is pure and may run again.
func (p *Proposal) Guard(check func(Move) error) {
	compose := p.Compose
	p.Compose = func(d *Draft) error {
		if err := compose(d); err != nil {
			return err
		}
		var faults Faults
		for _, m := range d.moves {
			if err := faults.Add("", check(m.Move)); err != nil {
				return err
			}
		}
		return faults.Err()
	}
}

// Touched are the accounts that the needs name. A proposal moves things between these, and into what is named after its own document.
func (n Needs) Touched() []Account {
	seen := map[Account]bool{}
	var named []Account
	add := func(a Account) {
		if !seen[a] {
			seen[a] = true
			named = append(named, a)
		}
	}
	for _, g := range n.Groups {
		add(g.Account)
	}
	for _, a := range n.Accounts {
		add(a)
	}
	return named
}
