package api

import (
	"github.com/danielgtaylor/huma/v2"

	"reliefledger/auth"
)

func (d *Door) bankStatements(a huma.API) {
	posting(d, a, auth.Pay, "/v1/bank-statements", "record-bank-statement", "Record a bank statement",
		"Records what a bank says of an account from day to day. It moves nothing. The opening and the lines must make the closing, and the statement must go on where the one before ended; "+
			"one that overlaps it adds only the lines that the bank's own numbers tell to be new.",
		d.Officer.State)
	documents(d, a, "/v1/bank-statements", "bank-statements", d.room().BankStatements)
	document(a, "/v1/bank-statements", "read-bank-statement", "Read a bank statement", "Reads a bank statement with its lines, and what each was matched by.", d.room().BankStatement)
	question(d, a, "/v1/bank-statements/reconciliation", "read-bank-reconciliation", "Hold an account against its bank",
		"Tells what an account holds by the book and by the bank, what each of them has that the other has not, and that the one leads to the other to the last unit; with matches that suggest themselves.",
		d.room().Reconciliation)
}

func (d *Door) bankMatches(a huma.API) {
	posting(d, a, auth.Pay, "/v1/bank-matches", "match-bank-lines", "Match lines of a bank with entries",
		"Records which lines of a bank's statements are which entries of the book: equal sums, each line and each entry once. It moves nothing; its reversal takes it back and leaves both in sight.",
		d.Officer.Match)
	bulkPosting(d, a, auth.Pay, "/v1/bank-matches/bulk", "match-bank-lines-in-bulk", "Match many times",
		"Posts up to 5,000 matches in one request, all or none or each by itself, and answers with a result for each line.",
		d.Officer.Match)
	documents(d, a, "/v1/bank-matches", "bank-matches", d.room().BankMatches)
	document(a, "/v1/bank-matches", "read-bank-match", "Read a match", "Reads a match of lines and entries as it stands in the book.", d.room().BankMatch)
}
