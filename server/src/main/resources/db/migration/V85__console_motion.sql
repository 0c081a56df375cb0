-- What one administrator asks for and another one has to agree to before it is done. Of each thing one is open at most; outcome: done,
-- declined, withdrawn, lapsed; empty while it is open. seen and wanted are what stood and what it shall be, as text.
CREATE TABLE console_motion (
  id           TEXT   PRIMARY KEY,
  kind         TEXT   NOT NULL,
  about        TEXT   NOT NULL,
  seen         TEXT   NOT NULL,
  wanted       TEXT   NOT NULL,
  reason       TEXT   NOT NULL,
  asked_by     TEXT   NOT NULL,
  asked_at     BIGINT NOT NULL,
  open_until   BIGINT NOT NULL,
  outcome      TEXT   NOT NULL DEFAULT '',
  answer       TEXT   NOT NULL DEFAULT '',
  ended_by     TEXT   NOT NULL DEFAULT '',
  forget_after BIGINT NOT NULL
);
CREATE UNIQUE INDEX console_motion_open ON console_motion (kind, about) WHERE outcome = '';
CREATE INDEX console_motion_about ON console_motion (about);
CREATE INDEX console_motion_expiry ON console_motion (forget_after);
