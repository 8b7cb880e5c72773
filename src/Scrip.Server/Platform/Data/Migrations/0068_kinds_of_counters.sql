-- A rule names the kinds of usage counters that it looks at; "counting" grows when a project gets a kind that it had not.
ALTER TABLE validation_rules DROP COLUMN counts;
ALTER TABLE validation_rules ADD COLUMN counted TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN counting BIGINT NOT NULL DEFAULT 0;
