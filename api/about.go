package api

// about introduces the contract.
const about = `Relief Ledger keeps the stock and the money of a relief operation in one exact book.

Send a token as ` + "`Authorization: Bearer rl_…`" + `. Its actor is written into every entry.

Every request that posts carries an ` + "`Idempotency-Key`" + ` made by the sender. The first answer is 201. The same key with the same content is answered with the first
answer again (200 and ` + "`Idempotency-Replayed: true`" + `), so a request whose answer was lost is simply repeated. The same key with other content is refused with 409,
naming the fields that differ. A refused request leaves no trace and its key stays free.

With ` + "`?dry_run=true`" + ` a request is checked in full and answered with its moves and the balances they would leave, and nothing is written.

Quantities and amounts are strings of plain digits, as "12.50". Dates are days in the book's own time zone.

Every failure is a problem (RFC 9457) with a stable type; it reports every failing line at once, with its JSON pointer, what is there and what was asked.`
