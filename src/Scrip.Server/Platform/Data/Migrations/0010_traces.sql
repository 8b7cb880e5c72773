-- Why a redemption was decided as it was, for those who ask later. Written once with the redemption.
ALTER TABLE redemptions ADD COLUMN trace JSONB;
