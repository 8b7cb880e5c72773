-- All that a short event stands for is one row, with the id and the type of the first; the others are JSON. On PostgreSQL one
-- index serves as the key, too.
ALTER TABLE customer_activities ADD COLUMN also TEXT;
$on_postgres$ALTER TABLE customer_activities DROP CONSTRAINT customer_activities_pkey, ADD PRIMARY KEY (project_id, customer_id, id);
$on_postgres$DROP INDEX customer_activities_of;
