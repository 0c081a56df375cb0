-- The customers of the resource authorization server that were enrolled by invitation, beside those
-- of the configuration. A name is never given twice: people are kept under it.

-- state: open, suspended, removed. rules is what the operator has set, one JSON object. due: until
-- when the invitation holds while no issuer is proven.
CREATE TABLE organisation (
  name       TEXT   PRIMARY KEY,
  state      TEXT   NOT NULL,
  rules      TEXT   NOT NULL,
  due        BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

-- stage: claimed, proven, pending, active. proof: document, domain or assertion. due: until when the
-- next stage must be reached.
CREATE TABLE organisation_issuer (
  organisation TEXT   NOT NULL REFERENCES organisation (name),
  issuer       TEXT   NOT NULL,
  preset       TEXT   NOT NULL,
  stage        TEXT   NOT NULL,
  challenge    TEXT   NOT NULL,
  proof        TEXT,
  rules        TEXT   NOT NULL,
  due          BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (organisation, issuer)
);

-- Whose issuer it is: the claim that only one organisation can have.
CREATE TABLE organisation_trust (
  issuer       TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisation (name)
);

-- skeleton is what a domain looks like: of two that look alike one is refused. proof: document or
-- operator; without one the domain identifies nobody.
CREATE TABLE organisation_domain (
  domain       TEXT   PRIMARY KEY,
  skeleton     TEXT   NOT NULL UNIQUE,
  organisation TEXT   NOT NULL REFERENCES organisation (name),
  challenge    TEXT   NOT NULL,
  proof        TEXT,
  created_at   BIGINT NOT NULL
);
CREATE INDEX organisation_domain_owner ON organisation_domain (organisation);

-- What lets an organisation's administrator in, as hashes. kind: code (used once) or cookie.
CREATE TABLE organisation_access (
  hash         TEXT   PRIMARY KEY,
  kind         TEXT   NOT NULL,
  organisation TEXT   NOT NULL REFERENCES organisation (name),
  expires_at   BIGINT NOT NULL
);
CREATE INDEX organisation_access_expiry ON organisation_access (expires_at);
