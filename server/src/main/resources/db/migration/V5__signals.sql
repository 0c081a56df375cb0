-- Shared Signals, global token revocation and back-channel logout.

-- Tokens of signals that were taken: whoever inserts one first has brought it.
CREATE TABLE signal_token (
  source       TEXT   NOT NULL,
  token_hash   TEXT   NOT NULL,
  forget_after BIGINT NOT NULL,
  PRIMARY KEY (source, token_hash)
);

-- What belongs together across parties. kind 'told': we told others under this name, so what comes
-- back under it is our own echo. Other kinds: to what a signal that came belongs.
CREATE TABLE ssf_transaction (
  kind         TEXT   NOT NULL,
  key_hash     TEXT   NOT NULL,
  txn          TEXT   NOT NULL,
  forget_after BIGINT NOT NULL,
  PRIMARY KEY (kind, key_hash)
);

-- The streams that we listen to. One node at a time looks after each.
CREATE TABLE ssf_listening (
  source       TEXT   PRIMARY KEY,
  since        BIGINT NOT NULL,
  stream       TEXT,
  heard_at     BIGINT,
  asked_at     BIGINT,
  asked_with   TEXT,
  node         TEXT,
  leased_until BIGINT
);

-- The streams of our own transmitter, one for each receiver.
CREATE TABLE ssf_stream (
  id               TEXT   PRIMARY KEY,
  receiver         TEXT   NOT NULL UNIQUE,
  status           TEXT   NOT NULL,
  reason           TEXT,
  -- Where events are pushed to; none if they are fetched.
  endpoint         TEXT,
  -- The receiver's Authorization header for pushes, under the master key.
  authorization_sealed TEXT,
  -- What the receiver asked for; empty text is everything.
  events_requested TEXT   NOT NULL,
  description      TEXT,
  verified_at      BIGINT,
  created_at       BIGINT NOT NULL
);

-- Whom a receiver has added to or removed from its stream, by what it calls them.
CREATE TABLE ssf_stream_subject (
  stream   TEXT     NOT NULL,
  subject  TEXT     NOT NULL,
  included SMALLINT NOT NULL,
  PRIMARY KEY (stream, subject)
);

-- Events that a receiver does not have yet; claims is what is signed when it is sent.
-- state: waiting to be fetched, on its way in the outbox, or held while the stream is paused.
CREATE TABLE ssf_event (
  seq        ${identity},
  stream     TEXT   NOT NULL,
  id         TEXT   NOT NULL UNIQUE,
  state      TEXT   NOT NULL,
  claims     TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX ssf_event_stream ON ssf_event (stream, seq);

-- Which clients took part in a session and must hear when it ends; a client may be there twice.
CREATE TABLE session_client (
  session    TEXT   NOT NULL,
  client     TEXT   NOT NULL,
  person     TEXT   NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX session_client_session ON session_client (session);
CREATE INDEX session_client_person ON session_client (person);
