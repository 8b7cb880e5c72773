-- Categories of campaigns and vouchers, and how redeemables of one request combine.

CREATE TABLE categories (
    project_id $id$ NOT NULL,
    id         $id$ NOT NULL,
    name       $id$ NOT NULL,
    -- Lower goes first when redeemables are sorted by category.
    hierarchy  BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    PRIMARY KEY (project_id, id),
    CONSTRAINT categories_hierarchy CHECK (hierarchy >= 0)
);
CREATE UNIQUE INDEX categories_name ON categories (project_id, name);

-- A project has its own stacking rules at most once; without them the defaults hold.
CREATE TABLE stacking_rules (
    project_id $id$ NOT NULL PRIMARY KEY,
    id         $id$ NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    body       JSONB NOT NULL
);

ALTER TABLE campaigns ADD COLUMN category_id $id$;
CREATE INDEX campaigns_category ON campaigns (project_id, category_id) WHERE category_id IS NOT NULL;

-- A voucher's own category; null means that of its campaign.
ALTER TABLE vouchers ADD COLUMN category_id $id$;
CREATE INDEX vouchers_category ON vouchers (project_id, category_id) WHERE category_id IS NOT NULL;
