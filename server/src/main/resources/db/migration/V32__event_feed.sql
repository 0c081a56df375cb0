-- A resource server's place in the denials, which it follows as security events (RFC 8936). Nothing
-- is queued for it: the place is all there is.
CREATE TABLE event_feed (
  id            TEXT   PRIMARY KEY,
  client        TEXT   NOT NULL,
  description   TEXT,
  stale_after   BIGINT,
  -- Everything up to this change has been acknowledged, and of the next one so many denials.
  sequence      BIGINT NOT NULL,
  part          BIGINT NOT NULL,
  -- Not null while what was denied before the feed began is told: the last that was acknowledged.
  told_kind     TEXT,
  told_value    TEXT,
  -- What the receiver wants to hear back, until it has acknowledged that.
  verification  TEXT,
  created_at    BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL
);
CREATE INDEX event_feed_client ON event_feed (client);
