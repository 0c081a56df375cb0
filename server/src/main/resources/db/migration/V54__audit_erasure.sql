-- Personal members of evidence are concealed under a key of the person's own, which is sealed under the master key. Whoever is
-- erased has none any more, and gets none.
CREATE TABLE audit_person_key (
  person  TEXT   PRIMARY KEY,
  sealed  TEXT   NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE TABLE audit_erased (
  person TEXT   PRIMARY KEY,
  at     BIGINT NOT NULL
);

-- Nothing of this person, of this organisation, or of anybody (neither is given) is removed or erased.
CREATE TABLE audit_hold (
  id           TEXT   PRIMARY KEY,
  person       TEXT,
  organisation TEXT,
  reason       TEXT   NOT NULL,
  placed_by    TEXT   NOT NULL,
  placed_at    BIGINT NOT NULL,
  lifted_at    BIGINT
);
