-- Calls of the API with what was asked and answered, bounded and without secrets, for as long as the operator keeps them.
CREATE TABLE api_requests (
    project_id  $id$ NOT NULL,
    -- The instant is in the id, too, so that one is found by its id through the key.
    created_at  BIGINT NOT NULL,
    id          $id$ NOT NULL,
    method      TEXT NOT NULL,
    path        TEXT NOT NULL,
    query       TEXT,
    operation   TEXT,
    status      BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    app_id      TEXT,
    channel     TEXT,
    request     TEXT,
    response    TEXT,
    PRIMARY KEY (project_id, created_at, id)
);
CREATE INDEX api_requests_age ON api_requests (created_at);
