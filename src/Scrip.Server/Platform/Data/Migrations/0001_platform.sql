-- Projects, keys, settings of the installation, idempotency keys and jobs.

CREATE TABLE projects (
    id          $id$ NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL,
    -- Grows with every write of configuration; nodes compare it before they trust their snapshot.
    version     BIGINT NOT NULL DEFAULT 1,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT,
    deleted_at  BIGINT,
    body        JSONB NOT NULL
);

CREATE TABLE api_keys (
    app_id      $id$ NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL,
    project_id  $id$ NOT NULL,
    secret_hash TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX api_keys_project ON api_keys (project_id);

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE idempotency_keys (
    project_id  $id$ NOT NULL,
    key         $id$ NOT NULL,
    fingerprint TEXT NOT NULL,
    status      BIGINT NOT NULL,
    answer      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (project_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- A job is the API's async action: its row is the queue, the progress and the result.
CREATE TABLE async_actions (
    project_id   $id$ NOT NULL,
    id           $id$ NOT NULL,
    type         TEXT NOT NULL,
    status       TEXT NOT NULL,
    -- Why the job exists and what it works on.
    parameters   JSONB NOT NULL,
    -- Units done; written with each chunk's effect, in the same transaction.
    done_count   BIGINT NOT NULL DEFAULT 0,
    total_count  BIGINT NOT NULL DEFAULT 0,
    attempts     BIGINT NOT NULL DEFAULT 0,
    lease_until  BIGINT NOT NULL DEFAULT 0,
    result       JSONB,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX async_actions_open ON async_actions (lease_until) WHERE status IN ('ENQUEUED', 'IN_PROGRESS');
CREATE INDEX async_actions_newest ON async_actions (project_id, created_at);
