-- What people ask for: a connector for a while, besides their roles. slot bounds how much one person may have open: of those with ended_at = 0 each
-- has another. outcome: declined, withdrawn, person-off, submitted; empty while it is open. submission is the draft that was made of it.
CREATE TABLE exception_request (
  id           TEXT   PRIMARY KEY,
  person       TEXT   NOT NULL,
  connector    TEXT   NOT NULL,
  reason       TEXT   NOT NULL,
  until        TEXT   NOT NULL,              -- the last day, as in an exception of the library
  slot         BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  outcome      TEXT   NOT NULL DEFAULT '',
  answered_by  TEXT   NOT NULL DEFAULT '',
  answer       TEXT   NOT NULL DEFAULT '',
  submission   TEXT   NOT NULL DEFAULT '',
  ended_at     BIGINT NOT NULL DEFAULT 0,    -- 0 while it is open
  forget_after BIGINT NOT NULL
);
CREATE UNIQUE INDEX exception_request_slot ON exception_request (person, slot) WHERE ended_at = 0;
CREATE UNIQUE INDEX exception_request_connector ON exception_request (person, connector) WHERE ended_at = 0;
CREATE INDEX exception_request_person ON exception_request (person, created_at);
CREATE INDEX exception_request_open ON exception_request (created_at) WHERE ended_at = 0;
CREATE INDEX exception_request_expiry ON exception_request (forget_after);
