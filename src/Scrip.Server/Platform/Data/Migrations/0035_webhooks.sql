-- Where a project wants to hear of events. The body has the types of events.
CREATE TABLE webhooks (
    project_id $id$ NOT NULL,
    id         $id$ NOT NULL,
    target_url TEXT NOT NULL,
    active     BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    body       JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);

-- One event on its way to one webhook: the queue and the log in one.
CREATE TABLE webhook_sendouts (
    project_id      $id$ NOT NULL,
    id              $id$ NOT NULL,
    webhook_id      $id$ NOT NULL,
    event_id        $id$ NOT NULL,
    type            TEXT NOT NULL,
    status          TEXT NOT NULL,
    -- Where the last attempt went.
    target_url      TEXT NOT NULL,
    -- Text, since every attempt sends the same bytes.
    payload         TEXT NOT NULL,
    attempts        BIGINT NOT NULL DEFAULT 0,
    -- How often a worker took it; one that took it earlier writes nothing any more.
    claims          BIGINT NOT NULL DEFAULT 0,
    -- Not before this instant; while a worker has it, when another may take it.
    due_at          BIGINT NOT NULL,
    response_status BIGINT,
    fault           TEXT,
    -- The attempts, the latest ones.
    log             JSONB NOT NULL,
    created_at      BIGINT NOT NULL,
    sent_at         BIGINT,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX webhook_sendouts_due ON webhook_sendouts (project_id, webhook_id, due_at) WHERE status = 'PENDING';
CREATE INDEX webhook_sendouts_webhook ON webhook_sendouts (project_id, webhook_id, created_at);
CREATE INDEX webhook_sendouts_newest ON webhook_sendouts (project_id, created_at);
