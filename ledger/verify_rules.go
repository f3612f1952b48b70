package ledger

import (
	"context"
	"fmt"
	"slices"
	"strconv"
)

// cellName names a cell c in a query as storedCell.String does.
const cellName = `c.account || ' of ' || concat_ws('/', c.item, nullif(c.lot, '')) || ' for fund ' || c.fund`

// daysRule names the days on which buckets and moves differ. It adds up every move, so it is asked only when it is known that some do.
var daysRule = Check{"days", `
	WITH sides AS ( -- each side is added up before they meet: half the rows to carry
		SELECT m.from_cell AS cell, e."on", -sum(m.quantity) AS quantity, -sum(m.value) AS value
		FROM moves m JOIN entries e USING (book_id, number) WHERE m.book_id = ?0 GROUP BY m.from_cell, e."on"
		UNION ALL
		SELECT m.to_cell, e."on", sum(m.quantity), sum(m.value)
		FROM moves m JOIN entries e USING (book_id, number) WHERE m.book_id = ?0 GROUP BY m.to_cell, e."on"
	), sums AS (
		SELECT cell, "on", sum(quantity) AS quantity, sum(value) AS value FROM sides GROUP BY cell, "on"
	), stored AS (
		SELECT cell, "on", quantity, value FROM cell_days WHERE book_id = ?0
	), pairs AS (
		SELECT cell, "on", coalesce(d.quantity, 0) AS quantity, coalesce(d.value, 0) AS value,
			coalesce(s.quantity, 0) AS added_quantity, coalesce(s.value, 0) AS added_value
		FROM sums s FULL JOIN stored d USING (cell, "on")
	)
	SELECT format('day %s of cell %s, %s: %s worth %s is stored, its moves add up to %s worth %s', p."on", p.cell, coalesce(` + cellName + `, 'which does not exist'),
		trim_scale(p.quantity), trim_scale(p.value), trim_scale(p.added_quantity), trim_scale(p.added_value))
	FROM pairs p LEFT JOIN cells c ON c.book_id = ?0 AND c.cell = p.cell
	WHERE (p.quantity, p.value) <> (p.added_quantity, p.added_value) ORDER BY p.cell, p."on"`}

// rules are what the book itself promises and the database can add up best: each query answers one sentence for each thing wrong.
var rules = []Check{
	{"floors", `
		SELECT DISTINCT ON (cell) format('%s ends %s with %s worth %s', name, "on", trim_scale(quantity), trim_scale(value))
		FROM (
			SELECT ` + cellName + ` AS name, d.cell, d."on", sum(d.quantity) OVER upto AS quantity, sum(d.value) OVER upto AS value
			FROM cell_days d JOIN cells c USING (book_id, cell) WHERE d.book_id = ?0 AND c.floored
			WINDOW upto AS (PARTITION BY d.cell ORDER BY d."on")
		) closings
		WHERE quantity < 0 OR value < 0 OR quantity = 0 AND value <> 0 ORDER BY cell, "on"`},
	{"room", `
		SELECT format('%s holds %s worth %s, at most ` + strconv.Itoa(maxHeldDigits) + ` digits before the point are kept exactly', ` + cellName + `, trim_scale(quantity), trim_scale(value))
		FROM cells c WHERE book_id = ?0 AND greatest(abs(quantity), abs(value)) >= 1e` + strconv.Itoa(maxHeldDigits) + ` ORDER BY cell`},
	{"days", `
		SELECT format('day %s of cell %s, %s, is stored as past: its last day is %s', d."on", c.cell, ` + cellName + `, c.last_on)
		FROM past_days d JOIN cells c USING (book_id, cell) WHERE d.book_id = ?0 AND d."on" >= c.last_on ORDER BY c.cell, d."on"`},
	{"keys", `
		SELECT format('key %s belongs to entries %s', key, string_agg(number::text, ', ' ORDER BY number))
		FROM (SELECT key FROM entries WHERE book_id = ?0 GROUP BY key HAVING count(*) > 1) twice JOIN entries USING (key)
		WHERE book_id = ?0 GROUP BY key`},
	{"reversals", `
		SELECT format('entry %s is reversed by entries %s', reverses, string_agg(number::text, ', ' ORDER BY number))
		FROM entries WHERE book_id = ?0 AND reverses IS NOT NULL GROUP BY reverses HAVING count(*) > 1`},
	{"reversals", `
		SELECT format('entry %s reverses entry %s, which is not before it', r.number, r.reverses)
		FROM entries r LEFT JOIN entries o ON o.book_id = r.book_id AND o.number = r.reverses AND o.number < r.number
		WHERE r.book_id = ?0 AND r.reverses IS NOT NULL AND o.number IS NULL ORDER BY r.number`},
	{"reversals", `
		SELECT format('entry %s reverses entry %s, but not by its moves backwards', r.number, r.reverses)
		FROM entries r WHERE r.book_id = ?0 AND r.reverses IS NOT NULL AND (
			EXISTS (SELECT from_cell, to_cell, quantity, value FROM moves WHERE book_id = ?0 AND number = r.reverses
				EXCEPT ALL SELECT to_cell, from_cell, quantity, value FROM moves WHERE book_id = ?0 AND number = r.number)
			OR EXISTS (SELECT to_cell, from_cell, quantity, value FROM moves WHERE book_id = ?0 AND number = r.number
				EXCEPT ALL SELECT from_cell, to_cell, quantity, value FROM moves WHERE book_id = ?0 AND number = r.reverses))
		ORDER BY r.number`},
	{"reversals", `
		SELECT format('entry %s takes a revaluation back, but %s of %s left %s between entry %s and it', u.number, trim_scale(since.gone),
			concat_ws('/', c.item, nullif(c.lot, '')), c.account, u.reverses)
		FROM (SELECT number, reverses FROM entries WHERE book_id = ?0 AND reverses IS NOT NULL) u ` + revaluations + `
		WHERE since.gone > 0 ORDER BY u.number, m.line`},
	{"reversals", `
		SELECT DISTINCT format('entry %s undoes entry %s on %s, what rested on that was undone by entry %s on %s only', e.number, e.reverses, e."on", u.number, u."on")
		FROM entries u JOIN entries o ON o.book_id = u.book_id AND o.number = u.reverses AND o."on" < u."on"
		JOIN tally_changes t ON t.book_id = u.book_id AND t.number = u.number AND t.quantity < 0 AND (t.name LIKE 'bound:%' OR t.name LIKE 'returned:%')
		JOIN entries e ON e.book_id = u.book_id AND e.reverses = split_part(t.name, ':', 2)::bigint AND e.number > u.number AND e."on" < u."on"
		WHERE u.book_id = ?0 AND u.reverses IS NOT NULL`},
	{"periods", `
		SELECT format('entry %s of %s reopens all after %s, proposed by entry %s of %s for all after %s', e.number, e.actor, coalesce(c.closed_until::text, 'the beginning'),
			coalesce(c.proposal::text, 'none'), coalesce(p.actor, 'nobody'), coalesce(q.closed_until::text, 'the beginning'))
		FROM closes c JOIN entries e USING (book_id, number)
		LEFT JOIN closes q ON q.book_id = c.book_id AND q.number = c.proposal AND q.number < c.number AND q.act = 'propose-reopen'
		LEFT JOIN entries p ON p.book_id = q.book_id AND p.number = q.number
		WHERE c.book_id = ?0 AND c.act = 'reopen' AND (p.actor IS NULL OR p.actor = e.actor OR q.closed_until IS DISTINCT FROM c.closed_until) ORDER BY e.number`},
	{"periods", `
		SELECT format('the reopening proposed by entry %s was agreed to by entries %s', proposal, string_agg(number::text, ', ' ORDER BY number))
		FROM closes WHERE book_id = ?0 AND act = 'reopen' GROUP BY proposal HAVING count(*) > 1 ORDER BY proposal`},
	{"tallies", `
		SELECT format('tally %s: %s worth %s is stored, its entries add up to %s worth %s', name,
			trim_scale(coalesce(t.quantity, 0)), trim_scale(coalesce(t.value, 0)), trim_scale(coalesce(a.quantity, 0)), trim_scale(coalesce(a.value, 0)))
		FROM (SELECT name, quantity, value FROM tallies WHERE book_id = ?0 AND name NOT LIKE 'series:%') t
		FULL JOIN (SELECT name, sum(quantity) AS quantity, sum(value) AS value FROM tally_changes WHERE book_id = ?0 GROUP BY name) a USING (name)
		WHERE (coalesce(t.quantity, 0), coalesce(t.value, 0)) <> (coalesce(a.quantity, 0), coalesce(a.value, 0)) ORDER BY name`},
}

// answer is what the rules found, or why they could not be asked.
type answer struct {
	findings []Finding
	err      error
}

// askRules asks the book's own rules and those that the wings declared. They have nothing to do with the pass over the entries, so both
// go on at once.
func askRules(ctx context.Context, on *lane, book Info) (a answer) {
	for _, rule := range slices.Concat(rules, checks) {
		broken, err := on.ask(ctx, rule, book)
		if err != nil {
			return answer{err: fmt.Errorf("rule %s: %w", rule.Name, err)}
		}
		for _, text := range broken {
			a.findings = append(a.findings, Finding{Rule: rule.Name, Text: text})
		}
	}
	return a
}

func (l *lane) ask(ctx context.Context, rule Check, book Info) (broken []string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	err = l.tx.NewRaw(fmt.Sprintf("SELECT * FROM (%s) AS broken LIMIT %d", rule.Query, maxFindings), book.ID).Scan(ctx, &broken)
	return broken, err
}

// rules reports what the rules found.
func (v *verification) rules(a answer) error {
	for _, f := range a.findings {
		v.report(f.Rule, f.Entry, "%s", f.Text)
	}
	return a.err
}
