-- The sub by which the provider upstream named the person at that sign-in: where another claim means
-- the person, a logout token has no other name for them.
ALTER TABLE session ADD COLUMN upstream_subject TEXT;
CREATE INDEX session_upstream_subject ON session (upstream_subject)
  WHERE upstream_subject IS NOT NULL;
