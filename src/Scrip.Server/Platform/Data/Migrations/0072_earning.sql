-- What earns loyalty points, what has earned already, and points that wait.

CREATE TABLE earning_rules (
    project_id  $id$ NOT NULL,
    id          $id$ NOT NULL,
    campaign_id $id$ NOT NULL,
    -- order.paid, customer.segment.entered, or the name of a custom event.
    event       TEXT NOT NULL,
    -- The segment that is entered.
    segment_id  $id$,
    active      BOOLEAN NOT NULL,
    starts_at   BIGINT,
    expires_at  BIGINT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT,
    body        JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX earning_rules_campaign ON earning_rules (project_id, campaign_id, created_at);

-- A rule earns once for the same cause; the key is why nobody is given points twice.
CREATE TABLE earnings (
    project_id  $id$ NOT NULL,
    rule_id     $id$ NOT NULL,
    -- The order that was paid, else the event.
    cause       $id$ NOT NULL,
    customer_id $id$ NOT NULL,
    voucher_id  $id$ NOT NULL,
    points      BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (project_id, rule_id, cause)
);

CREATE TABLE pending_points (
    project_id   $id$ NOT NULL,
    id           $id$ NOT NULL,
    voucher_id   $id$ NOT NULL,
    campaign_id  $id$ NOT NULL,
    customer_id  $id$ NOT NULL,
    order_id     $id$ NOT NULL,
    points       BIGINT NOT NULL CHECK (points > 0),
    -- PENDING, ACTIVATED or CANCELED.
    status       TEXT NOT NULL,
    activates_at BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT,
    body         JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX pending_points_due ON pending_points (activates_at) WHERE status = 'PENDING';
CREATE INDEX pending_points_voucher ON pending_points (project_id, voucher_id, id) WHERE status = 'PENDING';
CREATE INDEX pending_points_campaign ON pending_points (project_id, campaign_id, id) WHERE status = 'PENDING';
