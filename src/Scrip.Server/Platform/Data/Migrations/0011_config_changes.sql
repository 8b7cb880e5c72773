-- What each version of a project's configuration changed, so that a node reloads that and nothing else.
CREATE TABLE config_changes (
    project_id $id$ NOT NULL,
    version    BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    id         $id$ NOT NULL,
    PRIMARY KEY (project_id, version, kind, id)
);
