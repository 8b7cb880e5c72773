-- Promotions: discounts without a code. A campaign has tiers, and stacks of tiers that are redeemed together.
CREATE TABLE promotion_tiers (
    project_id  $id$ NOT NULL,
    id          $id$ NOT NULL,
    campaign_id $id$ NOT NULL,
    name        TEXT NOT NULL,
    active      BOOLEAN NOT NULL,
    -- Lower goes first.
    hierarchy   BIGINT NOT NULL,
    starts_at   BIGINT,
    expires_at  BIGINT,
    category_id $id$,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT,
    deleted_at  BIGINT,
    body        JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX promotion_tiers_campaign ON promotion_tiers (project_id, campaign_id, hierarchy);
CREATE INDEX promotion_tiers_newest ON promotion_tiers (project_id, created_at);

CREATE TABLE promotion_stacks (
    project_id  $id$ NOT NULL,
    id          $id$ NOT NULL,
    campaign_id $id$ NOT NULL,
    name        TEXT NOT NULL,
    category_id $id$,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT,
    deleted_at  BIGINT,
    -- The ids of its tiers in their order, and how that order came about.
    body        JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX promotion_stacks_campaign ON promotion_stacks (project_id, campaign_id, created_at);
CREATE INDEX promotion_stacks_newest ON promotion_stacks (project_id, created_at);

-- A redemption is of a voucher or of a tier; a stack's parent is of neither.
ALTER TABLE redemptions ADD COLUMN promotion_tier_id $id$;
CREATE INDEX redemptions_promotion_tier ON redemptions (project_id, promotion_tier_id, created_at) WHERE promotion_tier_id IS NOT NULL;
