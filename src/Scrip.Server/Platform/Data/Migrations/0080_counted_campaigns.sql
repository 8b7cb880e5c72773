-- Whether a rule that counts was ever assigned to the campaign, a voucher of it or one of its tiers: redemptions keep counters
-- of no others. Of those that are there already it is not known.
ALTER TABLE campaigns ADD COLUMN counted BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE campaigns SET counted = TRUE;
