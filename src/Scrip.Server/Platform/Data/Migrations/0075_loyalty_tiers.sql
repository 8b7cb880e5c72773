-- Levels of membership in loyalty campaigns, and which cards are in them.
CREATE TABLE loyalty_tiers (
    project_id  $id$ NOT NULL,
    id          $id$ NOT NULL,
    campaign_id $id$ NOT NULL,
    name        TEXT NOT NULL,
    points_from BIGINT NOT NULL,
    points_to   BIGINT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT,
    body        JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX loyalty_tiers_campaign ON loyalty_tiers (project_id, campaign_id, points_from);

CREATE TABLE loyalty_tier_members (
    project_id  $id$ NOT NULL,
    voucher_id  $id$ NOT NULL,
    campaign_id $id$ NOT NULL,
    customer_id $id$ NOT NULL,
    tier_id     $id$ NOT NULL,
    since_day   TEXT NOT NULL,
    -- Until when it is kept, as 2026-12-31; null when only points say.
    last_day    TEXT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (project_id, voucher_id)
);
CREATE INDEX loyalty_tier_members_customer ON loyalty_tier_members (project_id, customer_id);
CREATE INDEX loyalty_tier_members_due ON loyalty_tier_members (project_id, last_day) WHERE last_day IS NOT NULL;
