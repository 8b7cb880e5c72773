-- What is written once for every redemption and read back whole is text: parsing it was a twelfth of all that a redemption
-- cost. What is asked for by its fields is parsed then.
$on_postgres$ALTER TABLE redemptions ALTER COLUMN body TYPE TEXT, ALTER COLUMN trace TYPE TEXT;
$on_postgres$ALTER TABLE orders ALTER COLUMN body TYPE TEXT;
$on_postgres$ALTER TABLE outbox ALTER COLUMN body TYPE TEXT;
$on_postgres$ALTER TABLE customer_activities ALTER COLUMN body TYPE TEXT;
$on_postgres$DO 'BEGIN ALTER TABLE redemptions ALTER COLUMN body SET COMPRESSION lz4, ALTER COLUMN trace SET COMPRESSION lz4; ALTER TABLE orders ALTER COLUMN body SET COMPRESSION lz4; ALTER TABLE outbox ALTER COLUMN body SET COMPRESSION lz4; ALTER TABLE customer_activities ALTER COLUMN body SET COMPRESSION lz4; EXCEPTION WHEN OTHERS THEN NULL; END';
