-- Validation rules, what they are assigned to, and what their limits count.

CREATE TABLE validation_rules (
    project_id   $id$ NOT NULL,
    id           $id$ NOT NULL,
    name         $id$ NOT NULL,
    type         TEXT NOT NULL,
    context_type TEXT NOT NULL,
    -- Whether it looks at usage counters.
    counts       BOOLEAN NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT,
    body         JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX validation_rules_newest ON validation_rules (project_id, created_at);

CREATE TABLE validation_rule_assignments (
    project_id          $id$ NOT NULL,
    id                  $id$ NOT NULL,
    rule_id             $id$ NOT NULL,
    related_object_id   $id$ NOT NULL,
    related_object_type TEXT NOT NULL,
    created_at          BIGINT NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX validation_rule_assignments_once ON validation_rule_assignments (project_id, related_object_id, rule_id);
CREATE INDEX validation_rule_assignments_rule ON validation_rule_assignments (project_id, rule_id, created_at);
CREATE INDEX validation_rule_assignments_newest ON validation_rule_assignments (project_id, created_at);

-- Most vouchers have no rules of their own; only those that do are asked for them.
ALTER TABLE vouchers ADD COLUMN has_rules BOOLEAN NOT NULL DEFAULT FALSE;

-- What was used of a voucher, promotion tier or campaign, by everybody or by one customer or key, ever or in a window
-- of the project's calendar (D2026-11-24, W2026-11-23, M2026-11). A row that is not there yet is made from the history.
CREATE TABLE usage_counters (
    project_id    $id$ NOT NULL,
    owner_id      $id$ NOT NULL,
    scope         $id$ NOT NULL,
    win           $id$ NOT NULL,
    uses          BIGINT NOT NULL,
    -- Minor units, as the next two.
    orders_amount BIGINT NOT NULL,
    discounts     BIGINT NOT NULL,
    credits       BIGINT NOT NULL,
    points        BIGINT NOT NULL,
    units         BIGINT NOT NULL,
    PRIMARY KEY (project_id, owner_id, scope, win)
);

-- What a redemption adds to usage counters besides its credits; minor units.
ALTER TABLE redemptions ADD COLUMN order_amount BIGINT;
ALTER TABLE redemptions ADD COLUMN discount_amount BIGINT;
ALTER TABLE redemptions ADD COLUMN api_key $id$;
DROP INDEX redemptions_campaign;
CREATE INDEX redemptions_campaign ON redemptions (project_id, campaign_id, created_at) WHERE campaign_id IS NOT NULL;
