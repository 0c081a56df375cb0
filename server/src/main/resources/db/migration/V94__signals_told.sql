-- What others were told about one person, so that what comes back is not told again: an event of one
-- type to one receiver under one transaction, or a call for a revocation of one target.
CREATE TABLE signal_told (
  -- A hash: names are personal.
  what         TEXT   PRIMARY KEY,
  -- Of the newest: when it occurred, or when the call was written down.
  newest_at    BIGINT NOT NULL,
  -- How often since then, at most an hour.
  times        BIGINT NOT NULL,
  counted_from BIGINT NOT NULL,
  forget_after BIGINT NOT NULL
);

-- How many rows ssf_stream_subject has of a stream. Rows that say nothing but the default may be
-- left from before; they count until the receiver names them again.
ALTER TABLE ssf_stream ADD COLUMN subjects BIGINT NOT NULL DEFAULT 0;
UPDATE ssf_stream SET subjects =
  (SELECT COUNT(*) FROM ssf_stream_subject WHERE ssf_stream_subject.stream = ssf_stream.id);

-- Whether an administrator has paused or disabled it: then its receiver cannot let it go on.
ALTER TABLE ssf_stream ADD COLUMN by_administrator SMALLINT NOT NULL DEFAULT 0;

-- Access tokens of receivers of our streams that are OAuth clients.
CREATE TABLE signal_access_token (
  hash       TEXT     PRIMARY KEY,
  receiver   TEXT     NOT NULL,
  client     TEXT     NOT NULL,
  manages    SMALLINT NOT NULL,
  issued_at  BIGINT   NOT NULL,
  expires_at BIGINT   NOT NULL
);

-- A transaction alone says nothing of what was told in it.
DELETE FROM ssf_transaction WHERE kind = 'told';
