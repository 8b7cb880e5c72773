-- What was deleted and can be taken back. Rows of campaigns, vouchers, products and SKUs stay in their own tables with
-- deleted_at; what has no such column lies here in the body.
CREATE TABLE trash_bin (
    project_id    $id$ NOT NULL,
    id            $id$ NOT NULL,
    resource_type TEXT NOT NULL,
    resource_id   $id$ NOT NULL,
    resource_name TEXT NOT NULL,
    -- The campaign of a voucher, the product of a SKU.
    parent_id     $id$,
    created_at    BIGINT NOT NULL,
    body          JSONB,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX trash_bin_resource ON trash_bin (project_id, resource_id, resource_type);
CREATE INDEX trash_bin_parent ON trash_bin (project_id, parent_id) WHERE parent_id IS NOT NULL;

-- What was deleted before there was a bin to look into. What went with its campaign or product has no entry of its own.
INSERT INTO trash_bin (project_id, id, resource_type, resource_id, resource_name, parent_id, created_at)
    SELECT project_id, 'tbe_' || id, 'campaign', id, name, NULL, deleted_at FROM campaigns WHERE deleted_at IS NOT NULL AND name <> id;
INSERT INTO trash_bin (project_id, id, resource_type, resource_id, resource_name, parent_id, created_at)
    SELECT project_id, 'tbe_' || id, 'voucher', id, code, campaign_id, deleted_at FROM vouchers
    WHERE deleted_at IS NOT NULL AND (campaign_id IS NULL OR EXISTS (
        SELECT 1 FROM campaigns c WHERE c.project_id = vouchers.project_id AND c.id = vouchers.campaign_id AND c.deleted_at IS NULL));
INSERT INTO trash_bin (project_id, id, resource_type, resource_id, resource_name, parent_id, created_at)
    SELECT project_id, 'tbe_' || id, 'product', id, COALESCE(name, source_id, id), NULL, deleted_at FROM products WHERE deleted_at IS NOT NULL;
INSERT INTO trash_bin (project_id, id, resource_type, resource_id, resource_name, parent_id, created_at)
    SELECT project_id, 'tbe_' || id, 'sku', id, COALESCE(sku, source_id, id), product_id, deleted_at FROM skus
    WHERE deleted_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM products p WHERE p.project_id = skus.project_id AND p.id = skus.product_id AND p.deleted_at IS NULL);
