-- The index of references leaves out empty ones; the view must say so too, or it looks at every receipt of the book.
CREATE OR REPLACE VIEW purchase_goods WITH (security_invoker = true) AS
SELECT n.book_id, n.purchase, l.item, sum(l.quantity) AS received, coalesce(sum(l.quantity) FILTER (WHERE b.final OR b.amount >= b.worth), 0) AS invoiced
FROM (
    SELECT p.book_id, e.document AS purchase, r.number
    FROM purchases p JOIN entries e USING (book_id, number)
        JOIN receipts r ON r.book_id = p.book_id AND r.reference = e.document AND r.party = p.party AND r.fund = p.fund AND r.kind = 'purchase' AND r.reference <> ''
    WHERE p.line = 1
    UNION
    SELECT f.book_id, f.purchase, e.number
    FROM fulfilments f JOIN entries e ON e.book_id = f.book_id AND e.document = f.receipt
    WHERE NOT EXISTS (SELECT FROM entries u WHERE u.book_id = f.book_id AND u.reverses = f.number)
) n JOIN entries g ON g.book_id = n.book_id AND g.number = n.number JOIN lots l ON l.book_id = n.book_id AND l.number = n.number,
    LATERAL (
        SELECT coalesce(bool_or(i.final), false) AS final, coalesce(sum(i.amount), 0) AS amount,
            (SELECT sum(w.value) FROM lots w WHERE w.book_id = g.book_id AND w.number = g.number) AS worth
        FROM invoices i WHERE i.book_id = g.book_id AND i.receipt = g.document
            AND NOT EXISTS (SELECT FROM entries u WHERE u.book_id = i.book_id AND u.reverses = i.number)
    ) b
WHERE NOT EXISTS (SELECT FROM entries u WHERE u.book_id = n.book_id AND u.reverses = n.number)
GROUP BY 1, 2, 3;
