-- What happened, written in the transaction that made it happen. A worker hands each row to every subscriber and
-- deletes it in the transaction of their effects.
CREATE TABLE outbox (
    project_id  $id$ NOT NULL,
    id          $id$ NOT NULL,
    type        TEXT NOT NULL,
    -- Whose it is; what happens to one customer is handled in its order.
    customer_id $id$,
    -- Rows of one lane are handled by one worker at a time.
    lane        BIGINT NOT NULL,
    body        JSONB NOT NULL,
    created_at  BIGINT NOT NULL,
    attempts    BIGINT NOT NULL DEFAULT 0,
    -- Not before this instant.
    due_at      BIGINT NOT NULL,
    -- Why it was not handled yet.
    fault       TEXT,
    -- Given up until somebody asks for another attempt.
    is_dead     BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX outbox_open ON outbox (lane, id) WHERE NOT is_dead;
