-- The role library as it was published, step by step. Nothing here is ever changed but the two marks
-- that say how far the consequences of a publication are drawn.

-- A state of the role library, named by the hash of its content.
CREATE TABLE library_version (
  version    TEXT   PRIMARY KEY,
  created_at BIGINT NOT NULL
);

CREATE TABLE library_file (
  version TEXT NOT NULL REFERENCES library_version (version),
  name    TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (version, name)
);

-- Somebody wants version to follow base as publication number. statement is what they signed.
CREATE TABLE library_proposal (
  id         TEXT   PRIMARY KEY,
  number     BIGINT NOT NULL,
  base       TEXT   NOT NULL,
  version    TEXT   NOT NULL REFERENCES library_version (version),
  proposer   TEXT   NOT NULL,
  rationale  TEXT   NOT NULL,
  effect     TEXT   NOT NULL,
  statement  TEXT   NOT NULL,
  created_at BIGINT NOT NULL
);

-- The answer to a proposal: of several, the first one inserted is the answer.
CREATE TABLE library_answer (
  proposal  TEXT     PRIMARY KEY REFERENCES library_proposal (id),
  approved  SMALLINT NOT NULL,
  approver  TEXT     NOT NULL,
  rationale TEXT     NOT NULL,
  statement TEXT     NOT NULL,
  at        BIGINT   NOT NULL
);

-- The order of the versions in force. The number is the claim: of two publications at once one is
-- inserted. kind: folder, approved, emergency. statement is that of an emergency.
CREATE TABLE library_publication (
  number     BIGINT PRIMARY KEY,
  kind       TEXT   NOT NULL,
  base       TEXT   NOT NULL,
  version    TEXT   NOT NULL REFERENCES library_version (version),
  proposal   TEXT   REFERENCES library_proposal (id),
  publisher  TEXT   NOT NULL,
  rationale  TEXT   NOT NULL,
  statement  TEXT,
  at         BIGINT NOT NULL,
  review_due BIGINT,
  -- When the tokens of the losers were looked for the first time, and for good.
  enforced_at BIGINT,
  settled_at  BIGINT
);
CREATE INDEX library_publication_open ON library_publication (number) WHERE settled_at IS NULL;

-- Somebody else has looked at an emergency afterwards.
CREATE TABLE library_review (
  number    BIGINT PRIMARY KEY REFERENCES library_publication (number),
  reviewer  TEXT   NOT NULL,
  rationale TEXT   NOT NULL,
  statement TEXT   NOT NULL,
  at        BIGINT NOT NULL
);
