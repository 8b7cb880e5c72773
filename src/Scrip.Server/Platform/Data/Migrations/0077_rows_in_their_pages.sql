-- The entry of a stack and a call of the audit log are a little longer than what PostgreSQL keeps in the row: they went to
-- tables of their own, with an index of their own.
$on_postgres$ALTER TABLE redemptions SET (toast_tuple_target = 3072);
$on_postgres$ALTER TABLE api_requests SET (toast_tuple_target = 3072);
