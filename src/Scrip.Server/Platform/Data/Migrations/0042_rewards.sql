-- Rewards, what they are assigned to, and who was rewarded for what.

CREATE TABLE rewards (
    project_id $id$ NOT NULL,
    id         $id$ NOT NULL,
    name       TEXT NOT NULL,
    -- CAMPAIGN, MATERIAL or COIN.
    type       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT,
    body       JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX rewards_newest ON rewards (project_id, created_at);

CREATE TABLE reward_assignments (
    project_id  $id$ NOT NULL,
    id          $id$ NOT NULL,
    reward_id   $id$ NOT NULL,
    campaign_id $id$ NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT,
    body        JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX reward_assignments_once ON reward_assignments (project_id, reward_id, campaign_id);
CREATE INDEX reward_assignments_campaign ON reward_assignments (project_id, campaign_id);
