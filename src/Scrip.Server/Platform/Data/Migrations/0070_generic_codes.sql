-- Codes for everybody, which qualifications read newest first: a few among the many of campaigns.
CREATE INDEX vouchers_generic ON vouchers (project_id, created_at, id) WHERE campaign_id IS NULL AND holder_id IS NULL;
