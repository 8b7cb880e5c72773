-- Uses and credits that validation sessions hold until they are redeemed, released or expired.

-- What all holds of a voucher come to, expired ones included until they are swept, so that one row decides a race.
ALTER TABLE vouchers ADD COLUMN held BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0);
-- Minor units.
ALTER TABLE vouchers ADD COLUMN held_credits BIGINT NOT NULL DEFAULT 0 CHECK (held_credits >= 0);

-- One use each. A row changes only while its voucher's row is locked.
CREATE TABLE session_holds (
    project_id  $id$ NOT NULL,
    voucher_id  $id$ NOT NULL,
    session_key $id$ NOT NULL,
    -- Gift credits in minor units.
    credits     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    -- The first instant at which it holds nothing any more.
    expires_at  BIGINT NOT NULL,
    PRIMARY KEY (project_id, voucher_id, session_key)
);
