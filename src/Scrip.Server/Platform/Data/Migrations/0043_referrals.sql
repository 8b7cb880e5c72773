-- Who recommended the shop to whom.

-- Customers that a referral code was given to by its holder, and those who used it.
CREATE TABLE referral_holders (
    project_id  $id$ NOT NULL,
    id          $id$ NOT NULL,
    voucher_id  $id$ NOT NULL,
    campaign_id $id$ NOT NULL,
    customer_id $id$ NOT NULL,
    created_at  BIGINT NOT NULL,
    body        JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX referral_holders_once ON referral_holders (project_id, voucher_id, customer_id);

-- A customer is referred once in a campaign; the key is why nobody is rewarded twice.
CREATE TABLE referrals (
    project_id          $id$ NOT NULL,
    campaign_id         $id$ NOT NULL,
    referee_id          $id$ NOT NULL,
    referrer_id         $id$ NOT NULL,
    voucher_id          $id$ NOT NULL,
    related_object_id   $id$ NOT NULL,
    -- redemption or event
    related_object_type TEXT NOT NULL,
    created_at          BIGINT NOT NULL,
    PRIMARY KEY (project_id, campaign_id, referee_id)
);
CREATE INDEX referrals_referee ON referrals (project_id, referee_id);
CREATE INDEX referrals_referrer ON referrals (project_id, referrer_id, campaign_id);
