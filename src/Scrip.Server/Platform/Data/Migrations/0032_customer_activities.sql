-- What happened to customers, as their lists of activities show it. Ids are those of the events and sort by time.
CREATE TABLE customer_activities (
    project_id    $id$ NOT NULL,
    id            $id$ NOT NULL,
    customer_id   $id$ NOT NULL,
    type          TEXT NOT NULL,
    -- ACTION or EFFECT.
    category      TEXT NOT NULL,
    campaign_id   $id$,
    campaign_type TEXT,
    -- The ids of the products of its order, each between spaces.
    products      TEXT,
    created_at    BIGINT NOT NULL,
    -- JSON: the channel, the application key and the request; NULL when the server did by itself.
    source        TEXT,
    body          JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX customer_activities_of ON customer_activities (project_id, customer_id, id);

-- How often a customer did what the shop calls by a name of its own.
CREATE TABLE customer_event_counts (
    project_id  $id$ NOT NULL,
    customer_id $id$ NOT NULL,
    name        $id$ NOT NULL,
    count       BIGINT NOT NULL,
    first_at    BIGINT NOT NULL,
    last_at     BIGINT NOT NULL,
    PRIMARY KEY (project_id, customer_id, name)
);

-- Which metadata an event of a name has.
CREATE TABLE custom_event_schemas (
    project_id $id$ NOT NULL,
    id         $id$ NOT NULL,
    name       $id$ NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    body       JSONB NOT NULL,
    PRIMARY KEY (project_id, id),
    UNIQUE (project_id, name)
);
