-- A receipt reads what its kill has led to for one person: one cause may be about ten thousand.
DROP INDEX delivery_correlation;
CREATE INDEX delivery_cause ON delivery (correlation_id, person);
