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
