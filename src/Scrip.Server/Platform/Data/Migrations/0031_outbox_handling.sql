-- Who made an event happen: the channel, the application key and the request, as JSON.
ALTER TABLE outbox ADD COLUMN source TEXT;

-- Events that failed; later ones of the same customer wait behind them.
CREATE INDEX outbox_failing ON outbox (project_id, customer_id) WHERE attempts > 0 AND NOT is_dead;
CREATE INDEX outbox_dead ON outbox (project_id, id) WHERE is_dead;
