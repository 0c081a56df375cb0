-- Messages to endpoints outside, written in the transaction of what they tell. state: waiting, delivered, gone,
-- dead. A lease keeps two nodes from sending one message at a time. body holds no secret: only references to
-- where one is kept.
CREATE TABLE delivery (
  seq            ${identity},
  id             TEXT   NOT NULL UNIQUE,
  kind           TEXT   NOT NULL,
  destination    TEXT   NOT NULL,
  -- Messages of one lane leave one after the other, in the order of seq.
  lane           TEXT,
  body           TEXT   NOT NULL,
  correlation_id TEXT   NOT NULL,
  organisation   TEXT,
  person         TEXT,
  state          TEXT   NOT NULL,
  attempts       BIGINT NOT NULL,
  created_at     BIGINT NOT NULL,
  -- Since when it is tried: later than created_at once an administrator has had it tried again.
  tried_since    BIGINT NOT NULL,
  next_at        BIGINT NOT NULL,
  holder         TEXT,
  lease_until    BIGINT NOT NULL,
  answer         TEXT,
  answered_at    BIGINT,
  -- Of a message that has arrived: when the row may go.
  forget_after   BIGINT
);
CREATE INDEX delivery_waiting ON delivery (next_at) WHERE state = 'waiting';
CREATE INDEX delivery_lane ON delivery (lane, seq) WHERE state = 'waiting';
CREATE INDEX delivery_dead ON delivery (seq) WHERE state = 'dead';
CREATE INDEX delivery_correlation ON delivery (correlation_id);
CREATE INDEX delivery_expiry ON delivery (forget_after) WHERE forget_after IS NOT NULL;

-- Who refuses what is denied, from its own memory: the nodes of this installation, and the resource
-- servers that listen to the revocation stream. stale_after is how long, in milliseconds, it goes on
-- without hearing from us.
CREATE TABLE enforcement_point (
  id           TEXT   PRIMARY KEY,
  kind         TEXT   NOT NULL,
  name         TEXT   NOT NULL,
  stale_after  BIGINT NOT NULL,
  since        BIGINT NOT NULL,
  seen_at      BIGINT NOT NULL,
  sequence     BIGINT NOT NULL,
  forget_after BIGINT NOT NULL
);
CREATE INDEX enforcement_point_name ON enforcement_point (name, seen_at);

-- When a point said that it refuses everything that was denied up to this change.
CREATE TABLE acknowledgement (
  point        TEXT   NOT NULL,
  sequence     BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  forget_after BIGINT NOT NULL,
  PRIMARY KEY (point, sequence)
);
CREATE INDEX change_kind ON change (kind, seq);

-- Kill receipts, one for each incident: asked for in the transaction of the kill, signed when it is settled.
CREATE TABLE receipt (
  incident       TEXT   PRIMARY KEY,
  organisation   TEXT,
  person         TEXT   NOT NULL,
  -- What the pipeline knew, as JSON.
  facts          TEXT   NOT NULL,
  -- The change that brought the denials.
  sequence       BIGINT NOT NULL,
  correlation_id TEXT   NOT NULL,
  at             BIGINT NOT NULL,
  -- When a node saw the incident committed.
  seen_at        BIGINT,
  issued_at      BIGINT,
  -- 1 if nothing is under way any more.
  final          SMALLINT NOT NULL,
  signed         TEXT
);
CREATE INDEX receipt_person ON receipt (person, at);
