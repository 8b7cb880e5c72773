-- Exports: what was asked for, how far it has come, and the file in parts of whole lines.
CREATE TABLE exports (
    project_id      $id$ NOT NULL,
    id              $id$ NOT NULL,
    exported_object TEXT NOT NULL,
    status          TEXT NOT NULL,
    channel         TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    -- Lines besides the first, and bytes in all.
    row_count       BIGINT NOT NULL DEFAULT 0,
    byte_count      BIGINT NOT NULL DEFAULT 0,
    body            JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX exports_newest ON exports (project_id, created_at);

CREATE TABLE export_parts (
    project_id $id$ NOT NULL,
    export_id  $id$ NOT NULL,
    part       BIGINT NOT NULL,
    content    BYTEA NOT NULL,
    PRIMARY KEY (project_id, export_id, part)
);
