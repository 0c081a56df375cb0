-- What was switched off and on for many, and what retention has removed: few records that are kept for ever, which tell how something
-- was at a time. The words are those of the query, since SQLite uses the index for no others.
CREATE INDEX audit_lasting ON audit (seq) WHERE type IN ('all.disabled', 'all.enabled', 'audit.removed', 'client.disabled', 'client.enabled', 'connector.disabled', 'connector.enabled', 'issuer.disabled', 'issuer.enabled', 'organisation.disabled', 'organisation.enabled');
