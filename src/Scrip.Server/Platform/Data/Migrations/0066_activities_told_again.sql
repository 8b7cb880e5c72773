-- Of what the history can tell again, an activity keeps the short event alone; told_by names its type.
ALTER TABLE customer_activities ADD COLUMN told_by TEXT;
