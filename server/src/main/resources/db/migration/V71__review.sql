-- Policy reviews, one for each identity provider and quarter. Nothing of a review is changed but steps and state.

-- pack is the evidence as it was when the review was opened. steps counts what was done: every step of a review changes this row, so that
-- of two at once one waits for the other. state: open, signed.
CREATE TABLE review (
  id        TEXT   PRIMARY KEY,
  provider  TEXT   NOT NULL,
  quarter   TEXT   NOT NULL,
  reviewer  TEXT   NOT NULL,
  opened_by TEXT   NOT NULL,
  opened_at BIGINT NOT NULL,
  pack      TEXT   NOT NULL,
  pack_hash TEXT   NOT NULL,
  steps     BIGINT NOT NULL,
  state     TEXT   NOT NULL
);

-- Of the decisions about an item the one with the highest number stands. statement is what the reviewer signed.
CREATE TABLE review_decision (
  review    TEXT   NOT NULL REFERENCES review (id),
  number    BIGINT NOT NULL,
  item      TEXT   NOT NULL,
  ruling    TEXT   NOT NULL,
  reviewer  TEXT   NOT NULL,
  rationale TEXT   NOT NULL,
  statement TEXT   NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (review, number)
);

-- A second person has signed all of it. account is the whole review, signed by this installation.
CREATE TABLE review_signature (
  review    TEXT   PRIMARY KEY REFERENCES review (id),
  signer    TEXT   NOT NULL,
  rationale TEXT   NOT NULL,
  statement TEXT   NOT NULL,
  at        BIGINT NOT NULL,
  account   TEXT   NOT NULL
);
