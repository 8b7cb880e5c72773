-- Units that a redemption took of budgets of units over many orders. What a counter holds is their sum over the
-- redemptions that succeeded and were not rolled back.

CREATE TABLE redemption_units (
    project_id    $id$ NOT NULL,
    owner_id      $id$ NOT NULL,
    scope         $id$ NOT NULL,
    redemption_id $id$ NOT NULL,
    units         BIGINT NOT NULL,
    PRIMARY KEY (project_id, owner_id, scope, redemption_id)
);
CREATE INDEX redemption_units_redemption ON redemption_units (project_id, redemption_id);
