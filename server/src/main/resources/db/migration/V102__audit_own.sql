-- What the log says about itself, which verification looks for: few records. The words are those of the query, since SQLite uses the
-- index for no others.
CREATE INDEX audit_own ON audit (seq) WHERE type IN ('audit.key-rotated', 'audit.removed');
