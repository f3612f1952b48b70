package report

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"reliefledger/ledger"
)

// ControlQuery asks for what the rules of two people were applied to.
type ControlQuery struct {
	Rule  string `query:"rule" enum:"write-off,reopening,short-closing,count" doc:"One rule; all when left out." example:"write-off"`
	State string `query:"state" enum:"open,agreed,withdrawn,undone" doc:"Where it stands; everything when left out." example:"open"`
	After string `query:"after" maxLength:"40" doc:"Proposals after this one: the next of the page before."`
	Limit int    `query:"limit" minimum:"0" maximum:"500" doc:"Most proposals of a page; 100 when left out."`
}

// ControlPage is a page of proposals in the order of their entries.
type ControlPage struct {
	Controls []Control `json:"controls"`
	Next     string    `json:"next,omitempty" doc:"Send it as after to read on; absent on the last page." example:"5120/5131"`
}

// Control is one proposal with who agreed to it: always somebody else. One whose agreement was undone stands once more for every later agreement.
type Control struct {
	Rule       string    `json:"rule" enum:"write-off,reopening,short-closing,count" doc:"Which rule asks for two people."`
	State      string    `json:"state" enum:"open,agreed,withdrawn,undone" doc:"open: nobody has agreed yet; agreed; withdrawn: taken back before anybody agreed; undone: agreed, and reversed since."`
	Proposal   int64     `json:"proposal" doc:"Entry number of the proposal." example:"5120"`
	Document   string    `json:"document" doc:"Its document number; empty for a reopening." example:"WO-PT-0031-2024-00001"`
	ProposedBy string    `json:"proposed_by" example:"li-na"`
	ProposedAt time.Time `json:"proposed_at" doc:"When it was recorded."`
	Agreement  int64     `json:"agreement,omitempty" doc:"Entry number of the agreement; absent while there is none." example:"5131"`
	AgreedBy   string    `json:"agreed_by,omitempty" example:"zhang-wei"`
	AgreedAt   time.Time `json:"agreed_at,omitzero" doc:"When it was recorded."`
}

// controlArgs are the arguments of the SQL: the query, and where the page before ended.
type controlArgs struct {
	Book                          int
	AfterProposal, AfterAgreement int64
	ControlQuery
}

func (q ControlQuery) args(book int) (controlArgs, error) {
	a := controlArgs{Book: book, ControlQuery: q}
	a.Limit = min(orElse(q.Limit, 100), MaxEntries)
	if q.After == "" {
		return a, nil
	}
	if _, err := fmt.Sscanf(q.After, "%d/%d\n", &a.AfterProposal, &a.AfterAgreement); err != nil {
		return a, ledger.Refuse(ledger.Invalid, "/after", fmt.Sprintf("after is %.80q, the next of a page wanted", q.After))
	}
	return a, nil
}

// Controls is a page of what two people did, or have still to do.
func (r Room) Controls(ctx context.Context, q ControlQuery) (ControlPage, error) {
	page := ControlPage{Controls: []Control{}}
	args, err := q.args(r.Book.ID)
	if err != nil {
		return page, err
	}
	err = r.read(ctx, func(ctx context.Context, tx bun.Tx) error {
		return tx.NewRaw(`SELECT * FROM (
				SELECT rule, proposal, coalesce(proposal_document, '') AS document, proposed_by, proposed_at,
					coalesce(agreement, 0) AS agreement, coalesce(agreed_by, '') AS agreed_by, agreed_at,
					CASE WHEN undone THEN 'undone' WHEN agreement IS NOT NULL THEN 'agreed' WHEN withdrawn THEN 'withdrawn' ELSE 'open' END AS state
				FROM dual_controls WHERE book_id = ?book
			) c`+where(given(q.After, "(proposal, agreement) > (?after_proposal, ?after_agreement)"), given(q.Rule, "rule = ?rule"), given(q.State, "state = ?state"))+
			" ORDER BY proposal, agreement LIMIT ?limit", args).Scan(ctx, &page.Controls)
	})
	if len(page.Controls) == args.Limit {
		last := page.Controls[len(page.Controls)-1]
		page.Next = fmt.Sprintf("%d/%d", last.Proposal, last.Agreement)
	}
	return page, err
}
