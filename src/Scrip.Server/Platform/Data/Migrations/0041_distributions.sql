-- Distributions: messages to customers, once by hand or whenever something happens.

CREATE TABLE distributions (
    project_id   $id$ NOT NULL,
    id           $id$ NOT NULL,
    name         TEXT NOT NULL,
    -- DRAFT, LIVE and PAUSED of those that wait for events; TO SEND, SENDING, DONE and CANCELED of those sent by hand.
    status       TEXT NOT NULL,
    -- MANUAL, or what sets it off.
    trigger_type TEXT NOT NULL,
    -- Sent by hand: not before this instant, and until then it can be undone.
    starts_at    BIGINT,
    -- Sent by hand: the last customer whose messages were written.
    reached_id   $id$ NOT NULL DEFAULT '',
    -- Customers it was for so far.
    sent         BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT,
    body         JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX distributions_live ON distributions (project_id, trigger_type) WHERE status = 'LIVE';
CREATE INDEX distributions_due ON distributions (starts_at) WHERE status IN ('TO SEND', 'SENDING');

-- What set it off for whom, and what came of it; the key is why nothing is sent twice.
CREATE TABLE distribution_receipts (
    project_id      $id$ NOT NULL,
    distribution_id $id$ NOT NULL,
    event_id        $id$ NOT NULL,
    customer_id     $id$ NOT NULL,
    -- The day in the project's time zone, such as 2026-11-25.
    day             $id$ NOT NULL,
    -- SENT, LIMITED, or the key of the refusal of its code.
    outcome         TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (project_id, distribution_id, event_id, customer_id)
);
CREATE INDEX distribution_receipts_customer ON distribution_receipts (project_id, distribution_id, customer_id);
CREATE INDEX distribution_receipts_day ON distribution_receipts (project_id, distribution_id, day);

-- The queue of messages, one a channel. It names customer and voucher; their data is read when the message is sent.
CREATE TABLE distribution_messages (
    project_id      $id$ NOT NULL,
    id              $id$ NOT NULL,
    distribution_id $id$ NOT NULL,
    event_id        $id$ NOT NULL,
    customer_id     $id$ NOT NULL,
    -- The position of its channel in the distribution.
    place           BIGINT NOT NULL,
    channel         TEXT NOT NULL,
    -- PENDING, SENT or DEAD.
    status          TEXT NOT NULL,
    attempts        BIGINT NOT NULL DEFAULT 0,
    -- Not before this instant; while it is being sent, when another may try.
    due_at          BIGINT NOT NULL,
    fault           TEXT,
    created_at      BIGINT NOT NULL,
    sent_at         BIGINT,
    body            JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX distribution_messages_once ON distribution_messages (project_id, distribution_id, event_id, customer_id, place);
CREATE INDEX distribution_messages_due ON distribution_messages (due_at) WHERE status = 'PENDING';
CREATE INDEX distribution_messages_list ON distribution_messages (project_id, distribution_id, id);
