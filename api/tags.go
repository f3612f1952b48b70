package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// tags are the nouns of the contract with what each of them is, in the order in which a reader meets them.
var tags = []*huma.Tag{
	{Name: "items", Description: "Kinds of goods, with their unit and packs."},
	{Name: "locations", Description: "Places where goods can be, in a tree."},
	{Name: "parties", Description: "Suppliers, donors, carriers and organisations."},
	{Name: "funds", Description: "Whose money or goods it is, and the statement of each."},
	{Name: "campaigns", Description: "Operations with dates and actions, and the bulletin of each."},
	{Name: "receipts", Description: "Goods come in: purchased, in kind, opening stock, custody."},
	{Name: "requests", Description: "Goods are asked for, reserved, released, and dispatched for who asked."},
	{Name: "transfers", Description: "Goods travel under a waybill: dispatch, arrival, recall, and what is missing."},
	{Name: "handouts", Description: "Goods given to people, and what comes back."},
	{Name: "write-offs", Description: "Damaged or expired goods leave, by two people."},
	{Name: "short-closings", Description: "Large losses on the way are given up by two people."},
	{Name: "counts", Description: "Stock is counted, and differences are agreed to by two people."},
	{Name: "kits", Description: "Goods are put together into others, and taken apart."},
	{Name: "points", Description: "Temporary points, and their closing."},
	{Name: "contributions", Description: "Money comes into a fund."},
	{Name: "budgets", Description: "What a fund is to be spent on, line by line, and what is committed, spent and left of it."},
	{Name: "purchases", Description: "Orders to suppliers: what is promised of a fund, what came of it and what is still open."},
	{Name: "invoices", Description: "What suppliers ask for receipts."},
	{Name: "freights", Description: "What carriers ask; it becomes part of the goods' cost."},
	{Name: "payments", Description: "Money leaves: to suppliers, to people, to projects."},
	{Name: "interfunds", Description: "One fund uses another's goods or money, openly."},
	{Name: "claims", Description: "What carriers or their insurers pay for goods that did not arrive."},
	{Name: "bank-statements", Description: "What banks say of their accounts, held against the book."},
	{Name: "bank-matches", Description: "Which lines of a bank are which entries of the book."},
	{Name: "activities", Description: "Things done, measured in typed counts."},
	{Name: "reversals", Description: "An entry is undone by the same moves backwards, once."},
	{Name: "periods", Description: "Dates are closed, and opened again by two people."},
	{Name: "dual-controls", Description: "What two people decided, or have still to decide."},
	{Name: "lots", Description: "Goods that came in together: when, until when they are usable, and what of them is there."},
	{Name: "stock", Description: "What there is, where, of which lot and fund; and the cards of items."},
	{Name: "trial-balance", Description: "Every account of a fund."},
	{Name: "agreement", Description: "Goods compared with the funds' accounts."},
	{Name: "entries", Description: "The book itself, entry by entry, and the feed of what is new."},
	{Name: "documents", Description: "Entries by the numbers of their documents."},
	{Name: "checkpoint", Description: "The signed root of the log, and proofs that it only grew."},
	{Name: "actors", Description: "People and devices that answer for what they do."},
	{Name: "grants", Description: "Who may do what, and where."},
	{Name: "tokens", Description: "What programs show to be let in."},
	{Name: "sessions", Description: "How browsers stay signed in."},
	{Name: "persons", Description: "Who is behind a pseudonym, in a register outside of the book."},
	{Name: "health", Description: "Whether the server lives and can post."},
}

// tagged are the tags that operations of the contract carry.
func tagged(contract *huma.OpenAPI) []*huma.Tag {
	used := map[string]bool{}
	for _, path := range contract.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Put, path.Patch, path.Delete} {
			if op != nil {
				used[op.Tags[0]] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(tags), func(t *huma.Tag) bool { return !used[t.Name] })
}
