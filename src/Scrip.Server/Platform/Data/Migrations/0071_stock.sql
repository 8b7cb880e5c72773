-- How many units a material reward has, and how many were given away: counted under a guard.
ALTER TABLE rewards ADD COLUMN stock BIGINT;
ALTER TABLE rewards ADD COLUMN redeemed BIGINT NOT NULL DEFAULT 0;
UPDATE rewards SET stock = CAST(body ->> 'stock' AS BIGINT);
