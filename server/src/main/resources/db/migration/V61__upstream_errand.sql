-- Consents at authorization servers of others that are under way: each is taken once.
CREATE TABLE upstream_errand (
  state_hash TEXT   PRIMARY KEY,
  person     TEXT   NOT NULL,
  session    TEXT   NOT NULL,
  connector  TEXT   NOT NULL,
  issuer     TEXT   NOT NULL,
  verifier   TEXT   NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX upstream_errand_expiry ON upstream_errand (expires_at);
