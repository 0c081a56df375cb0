-- What an administrator is writing in the console: one draft a person. files is JSON: for each file that differs from what is in force its
-- text, and the version that it was made from. revision counts every change, also the one that empties it.
CREATE TABLE library_draft (
  author     TEXT   PRIMARY KEY,
  revision   BIGINT NOT NULL,
  files      TEXT   NOT NULL,
  changed_at BIGINT NOT NULL
);

-- A draft that was handed in: nobody has signed it, so it decides nothing until somebody with a key proposes it as their own.
CREATE TABLE library_submission (
  id         TEXT   PRIMARY KEY,
  author     TEXT   NOT NULL,
  base       TEXT   NOT NULL,
  version    TEXT   NOT NULL REFERENCES library_version (version),
  rationale  TEXT   NOT NULL,
  effect     TEXT   NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX library_submission_newest ON library_submission (created_at);
