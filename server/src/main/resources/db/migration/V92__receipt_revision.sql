-- How often something has changed that a receipt is about: a draft made before is not signed.
ALTER TABLE receipt ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
