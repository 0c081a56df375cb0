-- An administrator looks requests up by the beginning of their correlation id. An index over the first characters serves that on
-- every database, whatever its collation; together with the whole id it serves the exact search too, so it takes the place of the
-- former one.
DROP INDEX audit_correlation;
CREATE INDEX audit_correlation ON audit (substr(correlation_id, 1, 4), correlation_id);

-- How far the record has been exported, for each place outside. Everything up to seq has arrived there, but for gaps: numbers below it
-- that no record had yet, of transactions that had not ended or never will (first-last@horizon, separated by spaces). held_by sends until
-- held_until, unless it says so again.
CREATE TABLE export_position (
  sink       TEXT   PRIMARY KEY,
  seq        BIGINT NOT NULL,
  gaps       TEXT   NOT NULL,
  held_by    TEXT   NOT NULL,
  held_until BIGINT NOT NULL
);
