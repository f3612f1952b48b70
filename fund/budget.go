package fund

import (
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"reliefledger/internal/register"
	"reliefledger/ledger"
)

// Budget is what a fund is to be spent on: lines with amounts, drawn on within some days. It moves no money: its lines stand beside the accounts.
type Budget struct {
	On        ledger.Date  `json:"on,omitempty" required:"false" doc:"Business date of the approval; today when absent." example:"2023-10-25"`
	Fund      string       `json:"fund" maxLength:"80" doc:"Fund that is planned." example:"WINTER-23"`
	Name      string       `json:"name" minLength:"1" maxLength:"120" doc:"What people call it." example:"2023年冬季救助预算"`
	StartsOn  ledger.Date  `json:"starts_on" doc:"First day on which its lines are drawn on." example:"2023-11-01"`
	EndsOn    ledger.Date  `json:"ends_on" doc:"Last day on which its lines are drawn on." example:"2024-03-31"`
	MayExceed bool         `json:"may_exceed,omitempty" doc:"True when a draw above what is left of a line is let through, to be shown below zero, instead of being refused. It never changes." example:"false"`
	Reference string       `json:"reference,omitempty" maxLength:"120" doc:"Number of the paper that approved it." example:"川财社〔2023〕118号"`
	Lines     []BudgetLine `json:"lines" minItems:"1" maxItems:"500" doc:"What it is made of."`
}

// BudgetLine is an amount for one purpose.
type BudgetLine struct {
	Code   string          `json:"code" maxLength:"80" doc:"Code of the line, unique in its fund: purchases and payments name it." example:"QUILTS"`
	Name   string          `json:"name" minLength:"1" maxLength:"120" doc:"What it is for." example:"棉被"`
	Amount decimal.Decimal `json:"amount" doc:"In the book's currency." example:"7500.00"`
}

// BudgetChange raises lines of a budget, lowers them, shifts from one to another, or adds new ones.
type BudgetChange struct {
	Budget string        `json:"budget,omitempty" required:"false" maxLength:"120" doc:"Document number of the budget; the path names it." example:"BG-WINTER-23-2023-00001"`
	On     ledger.Date   `json:"on,omitempty" required:"false" doc:"Business date; today when absent." example:"2023-12-10"`
	Reason string        `json:"reason" minLength:"1" maxLength:"500" doc:"Why it is changed, and who agreed." example:"the cold wave needs more coats"`
	Lines  []BudgetShift `json:"lines" minItems:"1" maxItems:"500" doc:"What is changed. A shift is two lines whose amounts add up to zero."`
}

// BudgetShift is what one line gains or loses.
type BudgetShift struct {
	Code   string        `json:"code" maxLength:"80" doc:"Code of the line." example:"COATS"`
	Name   string        `json:"name,omitempty" maxLength:"120" doc:"What a new line is for; absent for one that is there." example:"棉衣"`
	Amount ledger.Signed `json:"amount" doc:"What the line gains, or loses with a minus: at most what is left of it." example:"-500.00"`
}

var (
	budgets = ledger.Documents("budgets",
		"fund text", "name text", "starts_on date", "ends_on date", "may_exceed boolean", "reference text")
	// budgetLines are what budgets and their changes plan; the row that brings a line in has its name.
	budgetLines   = ledger.Documents("budget_lines", "budget text", "fund text", "code text", "name text", "amount numeric")
	budgetChanges = ledger.Documents("budget_changes", "budget text", "reason text")
)

func init() {
	ledger.MustHold("budgets planned what they say", `
		SELECT format('entry %s says %s for budget line %s of fund %s, it planned %s', l.number, trim_scale(l.amount), l.code, l.fund, trim_scale(m.amount))
		FROM budget_lines l, LATERAL (
			SELECT coalesce(sum(CASE WHEN f.account = 'planned:' || l.code THEN m.value ELSE -m.value END), 0) AS amount
			FROM moves m JOIN cells f ON f.book_id = m.book_id AND f.cell = m.from_cell JOIN cells t ON t.book_id = m.book_id AND t.cell = m.to_cell
			WHERE m.book_id = l.book_id AND m.number = l.number AND f.fund = l.fund AND 'planned:' || l.code IN (f.account, t.account)) AS m
		WHERE l.book_id = ?0 AND m.amount <> l.amount`)
	ledger.MustHold("what is planned is left, committed or spent", `
		WITH ordered AS (SELECT p.fund, coalesce(nullif(p.budget, ''), 'unplanned') AS line, 'committed:' || e.document AS account
				FROM purchases p JOIN entries e USING (book_id, number) WHERE p.book_id = ?0 AND p.line = 1),
			held AS (
				SELECT fund, substr(account, strpos(account, ':') + 1) AS line, value FROM cells
				WHERE book_id = ?0 AND split_part(account, ':', 1) IN ('planned', 'allotment', 'budget', 'spent')
				UNION ALL SELECT c.fund, o.line, c.value FROM ordered o JOIN cells c ON c.book_id = ?0 AND c.account = o.account AND c.fund = o.fund)
		SELECT format('budget line %s of fund %s is out by %s', line, fund, trim_scale(sum(value))) FROM held GROUP BY fund, line HAVING sum(value) <> 0`)
	ledger.MustHold("a line is in one budget of its fund", `
		SELECT format('budget line %s of fund %s is in %s', code, fund, string_agg(budget, ', ' ORDER BY l.number))
		FROM budget_lines l WHERE book_id = ?0 AND name <> '' AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?0 AND u.reverses = l.number)
		GROUP BY fund, code HAVING count(*) > 1`)
	ledger.MustHold("no change outlives its budget line", `
		SELECT format('entry %s changes line %s of budget %s, which is not there', l.number, l.code, l.budget)
		FROM budget_lines l WHERE l.book_id = ?0 AND l.name = '' AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?0 AND u.reverses = l.number)
			AND NOT EXISTS (SELECT FROM budget_lines n WHERE n.book_id = ?0 AND n.budget = l.budget AND n.code = l.code AND n.name <> '' AND n.number < l.number
				AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?0 AND u.reverses = n.number))`)
	ledger.MustHold("nothing is drawn outside the days of a budget", `
		SELECT format('%s %s of %s draws on line %s of fund %s, its budget runs from %s to %s', e.kind, e.number, e."on", l.code, l.fund, b.starts_on, b.ends_on)
		FROM budget_lines l JOIN entries a ON a.book_id = l.book_id AND a.document = l.budget JOIN budgets b ON b.book_id = l.book_id AND b.number = a.number
			JOIN cells c ON c.book_id = l.book_id AND c.account IN ('allotment:' || l.code, 'budget:' || l.code) AND c.fund = l.fund
			JOIN moves m ON m.book_id = l.book_id AND m.from_cell = c.cell AND m.number > l.number
			JOIN entries e ON e.book_id = l.book_id AND e.number = m.number
		WHERE l.book_id = ?0 AND l.name <> '' AND e.kind IN ('purchase', 'payment') AND e."on" NOT BETWEEN b.starts_on AND b.ends_on
			AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = ?0 AND u.reverses = l.number)`)
}

// Plan proposes a budget: its amounts become what its lines may spend, in memo accounts that no balance sheet counts.
func (o *Officer) Plan(ctx context.Context, by ledger.By, b Budget) (*ledger.Proposal, error) {
	head := o.header("budget", by, b.On, b)
	f := o.form(ctx)
	f.own("/fund", b.Fund)
	b.Name = f.text("/name", "budget name", b.Name, register.MaxName, true)
	b.Reference = f.text("/reference", "reference", b.Reference, maxReference, false)
	f.between(b.StartsOn, b.EndsOn)
	changes := make([]BudgetShift, len(b.Lines))
	for i, l := range b.Lines {
		name := f.text(fmt.Sprintf("/lines/%d/name", i), "line name", l.Name, register.MaxName, true)
		changes[i] = BudgetShift{l.Code, name, ledger.Signed{Decimal: l.Amount}}
		f.amount(fmt.Sprintf("/lines/%d/amount", i), l.Amount)
	}
	f.shifts(changes)
	if err := f.end(); err != nil {
		return nil, err
	}
	p := planning{book: o.Book.Info, fund: b.Fund, mayExceed: b.MayExceed, changes: changes, lines: map[string]budgetLine{}}
	number := series("BG", b.Fund, head.On)
	needs := p.needs()
	needs.Tallies = append(needs.Tallies, ledger.SeriesTally(number))
	return &ledger.Proposal{Header: head, Needs: needs, Compose: func(d *ledger.Draft) error {
		p.budget = d.Document(number)
		d.Row(budgets, b.Fund, b.Name, b.StartsOn, b.EndsOn, b.MayExceed, b.Reference)
		return p.compose(d)
	}}, nil
}

// ChangeBudget proposes a change of a budget. A line is lowered by no more than what is left of it.
func (o *Officer) ChangeBudget(ctx context.Context, by ledger.By, c BudgetChange) (*ledger.Proposal, error) {
	head := o.header("budget-change", by, c.On, c)
	f := o.form(ctx)
	c.Reason = f.text("/reason", "reason", c.Reason, maxReason, true)
	b, err := o.planned(ctx, c.Budget)
	f.add("/budget", err)
	if err == nil && head.On < b.on {
		f.refuse("/on", "budget %s was approved on %s, it is not changed on %s", c.Budget, b.on, head.On)
	}
	f.shifts(c.Lines)
	c.Lines = slices.Clone(c.Lines) // the request under the key has them as they were sent
	for i := range c.Lines {
		if err == nil {
			f.change(fmt.Sprintf("/lines/%d", i), c.Budget, b, &c.Lines[i])
		}
	}
	if err := f.end(); err != nil {
		return nil, err
	}
	p := planning{o.Book.Info, c.Budget, b.fund, b.mayExceed, c.Lines, b.lines}
	number, needs := series("BC", b.fund, head.On), p.needs()
	needs.Tallies = append(needs.Tallies, ledger.SeriesTally(number), ledger.ReversedTally(b.number), ledger.BoundTally(b.number))
	return &ledger.Proposal{Header: head, Needs: needs, Compose: func(d *ledger.Draft) error {
		if d.Tally(ledger.ReversedTally(b.number)).Quantity.IsPositive() {
			return ledger.Refuse(ledger.AlreadyDone, "/budget", fmt.Sprintf("budget %s was reversed", c.Budget))
		}
		d.Document(number)
		for _, n := range p.restsOn(b.number) {
			d.Count(ledger.BoundTally(n), decimal.NewFromInt(1), decimal.Zero)
		}
		d.Row(budgetChanges, c.Budget, c.Reason)
		return p.compose(d)
	}}, nil
}

// change wants a gain or a loss of a line that is there, or the amount and the name of a new one.
func (f *form) change(at, budget string, b plan, c *BudgetShift) {
	amount := c.Amount.Decimal
	switch _, there := b.lines[c.Code]; {
	case there && c.Name != "":
		f.refuse(at+"/name", "budget %s has line %s, only a new one is given a name", budget, c.Code)
	case there:
		amount = amount.Abs()
	case c.Name == "":
		f.refuse(at+"/code", "budget %s has no line %.90s, a new one needs a name", budget, c.Code)
	default:
		c.Name = f.text(at+"/name", "line name", c.Name, register.MaxName, true)
	}
	f.amount(at+"/amount", amount)
}

// between wants a first and a last day.
func (f *form) between(first, last ledger.Date) {
	switch {
	case first.IsZero():
		f.refuse("/starts_on", "a budget has no first day, one wanted")
	case last.IsZero():
		f.refuse("/ends_on", "a budget has no last day, one wanted")
	case last < first:
		f.refuse("/ends_on", "a budget ends on %s, before its first day %s", last, first)
	}
}

// shifts wants codes of lines, each once.
func (f *form) shifts(changes []BudgetShift) {
	if len(changes) == 0 {
		f.refuse("/lines", "a budget of 0 lines, at least 1 wanted")
	}
	named := map[string]bool{}
	for i, l := range changes {
		at := fmt.Sprintf("/lines/%d/code", i)
		switch {
		case l.Code == unplanned:
			f.refuse(at, "budget line %s is no line, name none for what is in none", unplanned)
		case f.code(at, l.Code) && named[l.Code]:
			f.refuse(at, "%s has 2 lines, one wanted", l.Code)
		}
		named[l.Code] = true
	}
}

// planning is a budget or a change of one on its way into the book.
type planning struct {
	book      ledger.Info
	budget    string
	fund      string
	mayExceed bool
	changes   []BudgetShift
	lines     map[string]budgetLine // those that are there, by their codes
}

// of is the line that a change is about.
func (p planning) of(c BudgetShift) (line budgetLine, isNew bool) {
	line, there := p.lines[c.Code]
	if !there {
		line = budgetLine{budget: p.budget, fund: p.fund, code: c.Code, mayExceed: p.mayExceed}
	}
	return line, !there
}

// restsOn are the entries that a change keeps from being reversed, each once: its budget, and those that brought in the lines it changes.
func (p planning) restsOn(budget int64) []int64 {
	numbers := []int64{budget}
	for _, c := range p.changes {
		if line, isNew := p.of(c); !isNew {
			numbers = append(numbers, line.number)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// lineTally keeps a code to one line of a fund.
func lineTally(fund, code string) string { return "budget-line:" + fund + "/" + code }

func (p planning) needs() (needs ledger.Needs) {
	for _, c := range p.changes {
		line, _ := p.of(c)
		n := line.needs(p.book)
		needs.Groups = append(append(needs.Groups, n.Groups...), currency(p.book, ledger.Planned.In(c.Code))...)
		needs.Tallies = append(append(needs.Tallies, n.Tallies...), lineTally(p.fund, c.Code))
	}
	return needs
}

func (p planning) compose(d *ledger.Draft) error {
	var faults ledger.Faults
	for i, c := range p.changes {
		d.Row(budgetLines, p.budget, p.fund, c.Code, c.Name, c.Amount.Decimal)
		if err := faults.Add(fmt.Sprintf("/lines/%d", i), p.change(d, c)); err != nil {
			return err
		}
	}
	return faults.Err()
}

func (p planning) change(d *ledger.Draft, c BudgetShift) error {
	line, isNew := p.of(c)
	planned := ledger.Planned.In(c.Code)
	switch {
	case isNew && d.Tally(lineTally(p.fund, c.Code)).Quantity.IsPositive():
		return ledger.Refuse(ledger.AlreadyDone, "/code", fmt.Sprintf("fund %s has a budget line %s already", p.fund, c.Code))
	case isNew:
		d.Count(lineTally(p.fund, c.Code), decimal.NewFromInt(1), decimal.Zero)
	default:
		if err := line.live(d); err != nil {
			return ledger.At("/code", err)
		}
	}
	if c.Amount.IsPositive() {
		return ledger.At("/amount", d.Move(money(p.book, p.fund, planned, line.account(), c.Amount.Decimal)))
	}
	if left := line.left(d, p.book); left.LessThan(c.Amount.Neg()) {
		return ledger.At("/amount", line.exhausted(p.book, left, c.Amount.Neg()))
	}
	return ledger.At("/amount", d.Move(money(p.book, p.fund, line.account(), planned, c.Amount.Neg())))
}
