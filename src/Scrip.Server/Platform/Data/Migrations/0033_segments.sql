-- Groups of customers. body holds the filter of those that are not static; it never changes.
CREATE TABLE segments (
    project_id   $id$ NOT NULL,
    id           $id$ NOT NULL,
    name         TEXT NOT NULL,
    -- static, passive or auto-update
    type         TEXT NOT NULL,
    -- IN_PROGRESS until every customer was looked at once, then DONE.
    sync_status  TEXT NOT NULL,
    -- Whether time alone moves customers in and out.
    is_timed     BOOLEAN NOT NULL,
    -- When time last did.
    refreshed_at BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    body         JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);

-- Who is in them, whatever their type.
CREATE TABLE segment_members (
    project_id  $id$ NOT NULL,
    customer_id $id$ NOT NULL,
    segment_id  $id$ NOT NULL,
    since       BIGINT NOT NULL,
    PRIMARY KEY (project_id, customer_id, segment_id)
);
CREATE INDEX segment_members_of ON segment_members (project_id, segment_id, customer_id);
