-- Publications: which codes were given to which customer, and the attempts that failed.

-- How often it was given to a customer. A code that was given once is never given again, even when its holder is forgotten.
ALTER TABLE vouchers ADD COLUMN published BIGINT NOT NULL DEFAULT 0 CHECK (published >= 0);
UPDATE vouchers SET published = 1 WHERE holder_id IS NOT NULL;
-- The next free code of a campaign, however many are given already. No column of it changes with a redemption.
CREATE INDEX vouchers_free ON vouchers (project_id, campaign_id, id) WHERE published = 0 AND campaign_id IS NOT NULL;

CREATE TABLE publications (
    project_id   $id$ NOT NULL,
    id           $id$ NOT NULL,
    customer_id  $id$ NOT NULL,
    campaign_id  $id$,
    campaign_name $id$,
    -- Of a publication of one code; several codes are told by published_vouchers.
    voucher_code $id$,
    voucher_type TEXT,
    is_referral  BOOLEAN NOT NULL DEFAULT FALSE,
    source_id    $id$,
    channel      TEXT NOT NULL,
    result       TEXT NOT NULL,
    failure_code TEXT,
    created_at   BIGINT NOT NULL,
    body         JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX publications_newest ON publications (project_id, created_at);
CREATE INDEX publications_customer ON publications (project_id, customer_id, campaign_id);
-- A source id gives the same codes whenever it is asked again.
CREATE UNIQUE INDEX publications_source ON publications (project_id, source_id) WHERE source_id IS NOT NULL;

-- A code is in one publication at most.
CREATE TABLE published_vouchers (
    project_id     $id$ NOT NULL,
    voucher_id     $id$ NOT NULL,
    publication_id $id$ NOT NULL,
    code           $id$ NOT NULL,
    PRIMARY KEY (project_id, voucher_id)
);
CREATE INDEX published_vouchers_code ON published_vouchers (project_id, code);
CREATE INDEX published_vouchers_publication ON published_vouchers (project_id, publication_id);
