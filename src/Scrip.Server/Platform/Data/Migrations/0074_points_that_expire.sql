-- Points that expire, by the day they do. Worked out from the transactions of their card, which stay the truth.

-- What expired of a card, beside what was taken off by hand.
ALTER TABLE vouchers ADD COLUMN points_expired BIGINT NOT NULL DEFAULT 0 CHECK (points_expired >= 0);

CREATE TABLE point_buckets (
    project_id  $id$ NOT NULL,
    -- lopb_ and the rest of the id of the transaction that opened it
    id          $id$ NOT NULL,
    voucher_id  $id$ NOT NULL,
    campaign_id $id$ NOT NULL,
    -- What is left, and what expired.
    points      BIGINT NOT NULL CHECK (points >= 0),
    expired     BIGINT NOT NULL DEFAULT 0,
    -- The last day, as 2026-12-31, in the calendar of the project.
    last_day    TEXT NOT NULL,
    -- Not before then is it looked at again: what sessions hold stays for them.
    wait_until  BIGINT NOT NULL DEFAULT 0,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX point_buckets_card ON point_buckets (project_id, voucher_id);
CREATE INDEX point_buckets_campaign ON point_buckets (project_id, campaign_id);
-- The few that something is left in, by the day.
CREATE INDEX point_buckets_due ON point_buckets (project_id, last_day) WHERE points > 0;
