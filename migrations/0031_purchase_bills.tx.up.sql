-- What was billed of each purchase: by invoices that name it, and by those of receipts that have it as their reference.
CREATE VIEW purchase_bills WITH (security_invoker = true) AS
SELECT n.book_id, n.purchase, sum(i.amount) AS amount
FROM (
    SELECT p.book_id, e.document AS purchase, i.number
    FROM purchases p JOIN entries e USING (book_id, number)
        JOIN receipts r ON r.book_id = p.book_id AND r.reference = e.document AND r.party = p.party AND r.fund = p.fund AND r.kind = 'purchase' AND r.reference <> ''
        JOIN entries g ON g.book_id = r.book_id AND g.number = r.number JOIN invoices i ON i.book_id = g.book_id AND i.receipt = g.document
    WHERE p.line = 1
    UNION
    SELECT book_id, purchase, number FROM fulfilments
) n JOIN invoices i USING (book_id, number)
WHERE NOT EXISTS (SELECT FROM entries u WHERE u.book_id = n.book_id AND u.reverses = n.number)
GROUP BY 1, 2;
GRANT SELECT ON purchase_bills TO relief_app, relief_reader, relief_scoped;
