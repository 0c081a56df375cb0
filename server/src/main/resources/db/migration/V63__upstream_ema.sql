-- What people have at authorization servers of others: by their own consent (the legacy bridge), or by Enterprise-Managed
-- Authorization, where what was obtained under one sign-in is used under no other.
ALTER TABLE upstream_grant ADD COLUMN way     TEXT NOT NULL DEFAULT 'consent'; -- or 'ema'
ALTER TABLE upstream_grant ADD COLUMN sign_in TEXT NOT NULL DEFAULT '';        -- of an 'ema' one: under which sign-in, hashed
ALTER TABLE upstream_grant ADD COLUMN session TEXT;                            -- of an 'ema' one: with which session at the broker it ends
DROP INDEX upstream_grant_live;
CREATE UNIQUE INDEX upstream_grant_live ON upstream_grant (person, connector, way, sign_in) WHERE ended_at = 0;
CREATE INDEX upstream_grant_session ON upstream_grant (session) WHERE session IS NOT NULL;
