-- What provisioning sources (connections of identity providers) keep here. A source owns what it
-- made, and sees nothing else.

-- A deleted person keeps their row, so that nobody else ever gets the id, and so that whoever means
-- them finds somebody who is gone rather than nobody. Everything personal in it is erased.
ALTER TABLE person ADD COLUMN deleted_at BIGINT;

-- active is what the source says; whether the person may do anything is person.active.
-- attributes is what the source says beyond the columns, as one JSON object.
CREATE TABLE provisioned_person (
  person      TEXT     PRIMARY KEY REFERENCES person (id),
  source      TEXT     NOT NULL,
  external_id TEXT,
  active      SMALLINT NOT NULL,
  attributes  TEXT     NOT NULL,
  version     BIGINT   NOT NULL,
  created_at  BIGINT   NOT NULL,
  modified_at BIGINT   NOT NULL
);
CREATE INDEX provisioned_person_order ON provisioned_person (source, created_at, person);
CREATE INDEX provisioned_person_external ON provisioned_person (source, external_id);

-- Every address of a provisioned person, in the form in which two are the same.
CREATE TABLE provisioned_email (
  person    TEXT NOT NULL REFERENCES person (id),
  email_key TEXT NOT NULL,
  PRIMARY KEY (person, email_key)
);
CREATE INDEX provisioned_email_key ON provisioned_email (email_key);

CREATE TABLE provisioned_group (
  id               TEXT   PRIMARY KEY,
  organisation     TEXT   NOT NULL,
  source           TEXT   NOT NULL,
  display_name     TEXT   NOT NULL,
  display_name_key TEXT   NOT NULL,
  external_id      TEXT,
  version          BIGINT NOT NULL,
  created_at       BIGINT NOT NULL,
  modified_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX provisioned_group_name
  ON provisioned_group (organisation, source, display_name_key);
CREATE INDEX provisioned_group_order ON provisioned_group (source, created_at, id);
CREATE INDEX provisioned_group_external ON provisioned_group (source, external_id);

CREATE TABLE provisioned_member (
  group_id TEXT NOT NULL REFERENCES provisioned_group (id),
  person   TEXT NOT NULL REFERENCES person (id),
  PRIMARY KEY (group_id, person)
);
CREATE INDEX provisioned_member_person ON provisioned_member (person);

-- The credentials of SCIM connections, as hashes.
CREATE TABLE scim_token (
  id         TEXT   PRIMARY KEY,
  connection TEXT   NOT NULL,
  hash       TEXT   NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  used_at    BIGINT,
  revoked_at BIGINT
);
CREATE INDEX scim_token_connection ON scim_token (connection);
