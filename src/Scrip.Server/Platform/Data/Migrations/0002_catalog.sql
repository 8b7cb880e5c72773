-- Products, SKUs, customers and orders.

CREATE TABLE products (
    project_id $id$ NOT NULL,
    id         $id$ NOT NULL,
    source_id  $id$,
    name       TEXT,
    price      BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    -- Set while the product lies in the trash bin; its identifiers stay taken.
    deleted_at BIGINT,
    body       JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX products_source ON products (project_id, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX products_newest ON products (project_id, created_at);

CREATE TABLE skus (
    project_id $id$ NOT NULL,
    id         $id$ NOT NULL,
    product_id $id$ NOT NULL,
    source_id  $id$,
    sku        TEXT,
    price      BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    deleted_at BIGINT,
    body       JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX skus_source ON skus (project_id, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX skus_product ON skus (project_id, product_id, created_at);

CREATE TABLE customers (
    project_id $id$ NOT NULL,
    id         $id$ NOT NULL,
    source_id  $id$,
    name       TEXT,
    email      TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    body       JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX customers_source ON customers (project_id, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX customers_newest ON customers (project_id, created_at);
CREATE INDEX customers_email ON customers (project_id, email);

CREATE TABLE orders (
    project_id  $id$ NOT NULL,
    id          $id$ NOT NULL,
    source_id   $id$,
    status      TEXT NOT NULL,
    customer_id $id$,
    amount      BIGINT,
    total_amount BIGINT,
    -- Counts the writes, so that a redemption never applies to an order that changed under it.
    revision    BIGINT NOT NULL DEFAULT 1,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT,
    body        JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX orders_source ON orders (project_id, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX orders_newest ON orders (project_id, created_at);
CREATE INDEX orders_customer ON orders (project_id, customer_id);
