package ledger

import "reliefledger/internal/pg"

// Quoted is texts as the committer writes them into a message, for tests that send them to a server.
func Quoted(texts []string) string { return unnest(textColumn(texts)) }

// Storable is what the committer lets into a message.
func Storable(text string) bool { return storable(text) }

// Listed is the statement with which the committer would write values of a kind, one row for each, into a table with a column for every kind.
func Listed(kind string, values ...any) []pg.Statement {
	column := &array{kind: kind}
	for _, v := range values {
		column.written(v)
	}
	m := &script{}
	m.add(line{name: "list", columns: []*array{column}, text: func(rows string) string {
		return "INSERT INTO listed (" + kind + ") SELECT * FROM " + rows + " AS v"
	}})
	return m.statements(plans{})
}

// Reversals is a document table, for rows that no request brings.
var Reversals = reversals
