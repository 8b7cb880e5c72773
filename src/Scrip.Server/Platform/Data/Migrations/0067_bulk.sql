-- Imports without a campaign need not be in the index of campaigns.
DROP INDEX vouchers_campaign;
CREATE INDEX vouchers_campaign ON vouchers (project_id, campaign_id, created_at) WHERE campaign_id IS NOT NULL;
-- Parts of files live for minutes: packing them costs more than their room.
$on_postgres$ALTER TABLE job_files ALTER COLUMN content SET STORAGE EXTERNAL;
