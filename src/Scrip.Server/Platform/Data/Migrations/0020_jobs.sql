-- Jobs go on from a place of their own kind, count the rows that failed, and take turns.

-- Where the next chunk begins, as JSON that only the job's own steps understand.
ALTER TABLE async_actions ADD COLUMN place TEXT;
ALTER TABLE async_actions ADD COLUMN failed_count BIGINT NOT NULL DEFAULT 0;
-- When its last chunk was done; the project that was served longest ago is next.
ALTER TABLE async_actions ADD COLUMN turn_at BIGINT NOT NULL DEFAULT 0;
-- Jobs of one series run one after the other, in the order in which they were asked for.
ALTER TABLE async_actions ADD COLUMN series $id$;
-- Work that is no async action of the API, and that its lists do not show.
ALTER TABLE async_actions ADD COLUMN is_inner BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX async_actions_turns ON async_actions (project_id, turn_at) WHERE status IN ('ENQUEUED', 'IN_PROGRESS');

-- Files of jobs in parts of whole rows: what was uploaded, and what a job reports.
CREATE TABLE job_files (
    project_id $id$ NOT NULL,
    job_id     $id$ NOT NULL,
    kind       TEXT NOT NULL,
    part       BIGINT NOT NULL,
    -- The number of its first row, counted from 1.
    first_row  BIGINT NOT NULL,
    row_count  BIGINT NOT NULL,
    content    BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, job_id, kind, part)
);
CREATE INDEX job_files_age ON job_files (created_at);

-- Why rows failed; the first ones of each job.
CREATE TABLE job_faults (
    project_id $id$ NOT NULL,
    job_id     $id$ NOT NULL,
    number     BIGINT NOT NULL,
    body       JSONB NOT NULL,
    PRIMARY KEY (project_id, job_id, number)
);
