-- The audit record as an append-only Merkle tree. One row says how far it has grown: every step of the
-- tree is one transaction that finds this row in the version that it has seen, so that two nodes never
-- grow it in two ways. looked_at is the largest audit.seq that was seen; held_by may go on until held_until.
CREATE TABLE audit_tree (
  one        SMALLINT PRIMARY KEY,
  version    BIGINT   NOT NULL,
  origin     TEXT     NOT NULL,
  size       BIGINT   NOT NULL,
  looked_at  BIGINT   NOT NULL,
  checkpoint TEXT     NOT NULL,
  signed_at  BIGINT   NOT NULL,
  held_by    TEXT     NOT NULL,
  held_until BIGINT   NOT NULL
);

-- Up to 256 neighbouring hashes of one level, in base64. For level 0 the audit.seq of each leaf, separated by
-- spaces, and the smallest and largest of them.
CREATE TABLE audit_tile (
  level     BIGINT NOT NULL,
  number    BIGINT NOT NULL,
  hashes    TEXT   NOT NULL,
  sequences TEXT   NOT NULL,
  first_seq BIGINT NOT NULL,
  last_seq  BIGINT NOT NULL,
  PRIMARY KEY (level, number)
);
CREATE INDEX audit_tile_first ON audit_tile (level, first_seq);

-- Numbers up to audit_tree.looked_at that no record had yet: of a transaction that had not ended, or never will.
CREATE TABLE audit_gap (
  first_seq BIGINT PRIMARY KEY,
  last_seq  BIGINT NOT NULL,
  since     BIGINT NOT NULL
);
CREATE INDEX audit_gap_since ON audit_gap (since);

-- The newest checkpoint that each witness and each place outside has got.
CREATE TABLE audit_copy (
  place TEXT   PRIMARY KEY,
  size  BIGINT NOT NULL,
  note  TEXT   NOT NULL,
  at    BIGINT NOT NULL
);
