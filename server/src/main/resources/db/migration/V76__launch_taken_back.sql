-- A launch that was recorded by mistake is taken back by a row of its own: where taken_back is 1, the connector is not there, and
-- launched_on is the day that is taken back. Nothing of what was recorded before is changed.
ALTER TABLE connector_launch ADD COLUMN taken_back SMALLINT NOT NULL DEFAULT 0;
