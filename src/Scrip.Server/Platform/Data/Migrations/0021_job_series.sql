-- Which job of a series is the first is asked at every turn.
CREATE INDEX async_actions_series ON async_actions (project_id, series, created_at) WHERE status IN ('ENQUEUED', 'IN_PROGRESS');
