-- What calls of the JSON API with an idempotency key have come to, for a day: the same call with the same key is answered alike and
-- not done again, on whatever node. The key is kept as its hash only. status is 0 while the call is under way; whoever holds it is
-- named by claim, so that one who comes after a crash takes it over alone.
CREATE TABLE api_repeat (
  caller     TEXT   NOT NULL,
  key_hash   TEXT   NOT NULL,
  call_hash  TEXT   NOT NULL,
  claim      TEXT   NOT NULL,
  claimed_at BIGINT NOT NULL,
  status     BIGINT NOT NULL,
  answer     TEXT   NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (caller, key_hash)
);
CREATE INDEX api_repeat_expiry ON api_repeat (expires_at);
