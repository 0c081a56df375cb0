-- Authorization requests that clients have pushed (RFC 9126), found by the hash of the reference to each. A browser that
-- brings a reference changes it for another one in the same statement ('begun'): of two that bring it, one comes first.
CREATE TABLE pushed_request (
  reference_hash TEXT   PRIMARY KEY,
  server         TEXT   NOT NULL,
  client         TEXT   NOT NULL,
  stage          TEXT   NOT NULL,
  parameters     TEXT   NOT NULL,
  expires_at     BIGINT NOT NULL
);
CREATE INDEX pushed_request_expiry ON pushed_request (expires_at);
