-- Groups of products and SKUs: listed ones, or all that meet a filter. The list or the filter lies in the body.

CREATE TABLE product_collections (
    project_id $id$ NOT NULL,
    id         $id$ NOT NULL,
    name       $id$ NOT NULL,
    type       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    body       JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX product_collections_name ON product_collections (project_id, name);
