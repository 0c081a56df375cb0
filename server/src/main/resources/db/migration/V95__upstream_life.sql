-- Until when the access token lives at its server; the largest number if the server does not say, or if it came before this
-- was kept. What lives there longer than it is used here is revoked there.
ALTER TABLE upstream_grant ADD COLUMN lives_until BIGINT NOT NULL DEFAULT 9223372036854775807;
