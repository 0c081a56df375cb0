-- How often something has changed that a receipt is about: a draft made before is not signed.
ALTER TABLE receipt ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
-- A message that was given up and is tried again is looked up by its cause.
CREATE INDEX receipt_cause ON receipt (correlation_id, person);
-- How many attempts in a row were begun and never ended: whoever made them died, of it perhaps.
ALTER TABLE delivery ADD COLUMN unended BIGINT NOT NULL DEFAULT 0;
