-- The kill.

-- Every signal that had a subject here, once: the claim that makes the second delivery have no
-- effect. incident names it for receipts.
CREATE TABLE signal (
  source         TEXT   NOT NULL,
  id             TEXT   NOT NULL,
  incident       TEXT   NOT NULL UNIQUE,
  what           TEXT   NOT NULL,
  -- What it is about: a person's id, or kind and identifier of something else.
  subject        TEXT   NOT NULL,
  person         TEXT,
  occurred_at    BIGINT NOT NULL,
  received_at    BIGINT NOT NULL,
  reason         TEXT   NOT NULL,
  correlation_id TEXT   NOT NULL,
  forget_after   BIGINT NOT NULL,
  PRIMARY KEY (source, id)
);
CREATE INDEX signal_person ON signal (person, received_at);
CREATE INDEX signal_expiry ON signal (forget_after);

-- The newest signal about whether a person may do anything, by the time of the event. Signals about
-- one person are in line behind its row.
CREATE TABLE standing (
  person      TEXT   PRIMARY KEY,
  what        TEXT,
  occurred_at BIGINT NOT NULL,
  source      TEXT   NOT NULL,
  our_clock   SMALLINT NOT NULL
);

-- The number of the change that brought a denial: of two about something that can be switched on
-- again the later one counts.
ALTER TABLE deny ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;

-- Where a grant comes from, as far as its ID-JAG says: the session at the issuer, and the client as
-- the issuer knows it.
ALTER TABLE ras_grant ADD COLUMN session TEXT;
ALTER TABLE ras_grant ADD COLUMN issuer_client TEXT;

-- What an administrator must look at, until it is resolved. One row for one fact, however often it
-- is found.
CREATE TABLE alarm (
  kind        TEXT   NOT NULL,
  subject     TEXT   NOT NULL,
  detail      TEXT   NOT NULL,
  first_at    BIGINT NOT NULL,
  last_at     BIGINT NOT NULL,
  times       BIGINT NOT NULL,
  resolved_at BIGINT,
  PRIMARY KEY (kind, subject)
);

-- By what a provider upstream calls a session.
CREATE INDEX session_upstream ON session (upstream_session) WHERE upstream_session IS NOT NULL;
