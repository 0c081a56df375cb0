-- Opaque access tokens, each as a hash, with the claims that a JWT in their place would carry.
CREATE TABLE access_token (
  token_hash TEXT   PRIMARY KEY,
  server     TEXT   NOT NULL,
  claims     TEXT   NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX access_token_expiry ON access_token (expires_at);
