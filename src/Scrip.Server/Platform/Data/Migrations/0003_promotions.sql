-- Campaigns, vouchers, redemptions and the ledger of gift credits.

CREATE TABLE campaigns (
    project_id    $id$ NOT NULL,
    id            $id$ NOT NULL,
    name          $id$ NOT NULL,
    campaign_type TEXT NOT NULL,
    active        BOOLEAN NOT NULL,
    starts_at     BIGINT,
    expires_at    BIGINT,
    -- How many codes there are.
    vouchers_count BIGINT NOT NULL DEFAULT 0,
    creation_status TEXT NOT NULL,
    generation_status TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT,
    deleted_at    BIGINT,
    body          JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX campaigns_name ON campaigns (project_id, name);
CREATE INDEX campaigns_newest ON campaigns (project_id, created_at);

CREATE TABLE vouchers (
    project_id   $id$ NOT NULL,
    id           $id$ NOT NULL,
    code         $id$ NOT NULL,
    type         TEXT NOT NULL,
    campaign_id  $id$,
    holder_id    $id$,
    active       BOOLEAN NOT NULL,
    starts_at    BIGINT,
    expires_at   BIGINT,
    -- Null means that it may be used without limit.
    quantity     BIGINT,
    redeemed     BIGINT NOT NULL DEFAULT 0,
    -- Gift credits in minor units: loaded in all, removed by hand, and available. The ledger can rebuild the balance.
    gift_amount  BIGINT,
    gift_subtracted BIGINT NOT NULL DEFAULT 0,
    gift_balance BIGINT,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT,
    deleted_at   BIGINT,
    body         JSONB NOT NULL,
    PRIMARY KEY (project_id, id),
    CONSTRAINT vouchers_never_over CHECK (redeemed >= 0 AND (quantity IS NULL OR redeemed <= quantity)),
    CONSTRAINT vouchers_balance CHECK (gift_balance IS NULL OR gift_balance >= 0)
);
CREATE UNIQUE INDEX vouchers_code ON vouchers (project_id, code);
CREATE INDEX vouchers_campaign ON vouchers (project_id, campaign_id, created_at);
CREATE INDEX vouchers_newest ON vouchers (project_id, created_at);
CREATE INDEX vouchers_holder ON vouchers (project_id, holder_id) WHERE holder_id IS NOT NULL;

-- Redemptions and their rollbacks are one history; "object" tells them apart.
CREATE TABLE redemptions (
    project_id   $id$ NOT NULL,
    id           $id$ NOT NULL,
    object       TEXT NOT NULL,
    -- The stack a redemption belongs to; null for a single one and for the stack itself.
    parent_id    $id$,
    -- Of a rollback: the redemption it takes back.
    redemption_id $id$,
    voucher_id   $id$,
    voucher_code $id$,
    campaign_id  $id$,
    customer_id  $id$,
    order_id     $id$,
    result       TEXT NOT NULL,
    status       TEXT NOT NULL,
    tracking_id  TEXT,
    amount       BIGINT,
    created_at   BIGINT NOT NULL,
    body         JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX redemptions_newest ON redemptions (project_id, created_at);
CREATE INDEX redemptions_parent ON redemptions (project_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX redemptions_voucher ON redemptions (project_id, voucher_id, created_at);
CREATE INDEX redemptions_campaign ON redemptions (project_id, campaign_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX redemptions_customer ON redemptions (project_id, customer_id, created_at) WHERE customer_id IS NOT NULL;
-- A redemption is taken back once.
CREATE UNIQUE INDEX redemptions_rollback_once ON redemptions (project_id, redemption_id)
    WHERE object = 'redemption_rollback' AND result = 'SUCCESS';

-- What moved on a card, as the API tells it. The money itself is in the postings.
CREATE TABLE voucher_transactions (
    project_id  $id$ NOT NULL,
    id          $id$ NOT NULL,
    voucher_id  $id$ NOT NULL,
    campaign_id $id$,
    type        TEXT NOT NULL,
    amount      BIGINT NOT NULL,
    -- What the card had after it, as the same transaction left it.
    total       BIGINT NOT NULL,
    balance     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    body        JSONB NOT NULL,
    PRIMARY KEY (project_id, id)
);
CREATE INDEX voucher_transactions_voucher ON voucher_transactions (project_id, voucher_id, id);

-- Appended, never changed; the postings of one transaction sum to zero.
CREATE TABLE postings (
    project_id     $id$ NOT NULL,
    transaction_id $id$ NOT NULL,
    account        $id$ NOT NULL,
    amount         BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    PRIMARY KEY (project_id, transaction_id, account)
);
CREATE INDEX postings_account ON postings (project_id, account);
