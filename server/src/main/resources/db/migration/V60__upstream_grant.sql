-- What people have consented to at authorization servers of others, for connectors that know no Enterprise-Managed
-- Authorization. The tokens are sealed under the master key. A grant that has ended is kept until it is revoked there.
CREATE TABLE upstream_grant (
  id         TEXT   PRIMARY KEY,
  person     TEXT   NOT NULL,
  connector  TEXT   NOT NULL,
  issuer     TEXT   NOT NULL,
  client     TEXT   NOT NULL,
  scopes     TEXT   NOT NULL,
  sealed     TEXT   NOT NULL,
  revision   BIGINT NOT NULL,           -- counts the renewals
  expires_at BIGINT NOT NULL,           -- of the access token; the largest number if the server does not say
  granted_at BIGINT NOT NULL,
  renewed_at BIGINT NOT NULL,
  leased     BIGINT NOT NULL DEFAULT 0, -- until when a node renews it
  ended_at   BIGINT NOT NULL DEFAULT 0, -- 0 while it lives
  ended_why  TEXT
);
CREATE UNIQUE INDEX upstream_grant_live ON upstream_grant (person, connector) WHERE ended_at = 0;
