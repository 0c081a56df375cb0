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

-- A transaction alone says nothing of what was told in it.
DELETE FROM ssf_transaction WHERE kind = 'told';
