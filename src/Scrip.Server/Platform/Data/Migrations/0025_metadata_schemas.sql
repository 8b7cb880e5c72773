-- What metadata may hold, for each kind of object, and for custom objects that others nest.
CREATE TABLE metadata_schemas (
    project_id         $id$ NOT NULL,
    id                 $id$ NOT NULL,
    related_object     $id$ NOT NULL,
    allow_defined_only BOOLEAN NOT NULL,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT,
    -- The definitions by key, the removed ones included.
    body               JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX metadata_schemas_object ON metadata_schemas (project_id, related_object);
