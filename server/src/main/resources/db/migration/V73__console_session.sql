-- Who is signed in to the console with which browser. The cookie is kept as its hash only. A session stands on one at
-- the broker and dies with it, with its person and with its client, by the deny set; ended_at is for those who sign out.
CREATE TABLE console_session (
  id             TEXT   PRIMARY KEY,
  secret_hash    TEXT   NOT NULL,
  person         TEXT   NOT NULL,
  broker_session TEXT   NOT NULL,
  family         TEXT   NOT NULL,
  auth_time      BIGINT,
  acr            TEXT,
  amr            TEXT   NOT NULL,
  created_at     BIGINT NOT NULL,
  expires_at     BIGINT NOT NULL,
  ended_at       BIGINT NOT NULL DEFAULT 0 -- 0 while it lives
);
CREATE UNIQUE INDEX console_session_secret ON console_session (secret_hash);
CREATE INDEX console_session_person ON console_session (person, created_at);
CREATE INDEX console_session_expiry ON console_session (expires_at);
