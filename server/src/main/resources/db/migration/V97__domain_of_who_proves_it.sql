-- Any organisation may say that a domain is its own; a domain, and whatever looks like it, is the one's that has proved it.
CREATE TABLE organisation_domain_claim (
  organisation TEXT   NOT NULL REFERENCES organisation (name),
  domain       TEXT   NOT NULL,
  skeleton     TEXT   NOT NULL,
  challenge    TEXT   NOT NULL,
  proof        TEXT,
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (organisation, domain)
);
INSERT INTO organisation_domain_claim (organisation, domain, skeleton, challenge, proof, created_at)
  SELECT organisation, domain, skeleton, challenge, proof, created_at FROM organisation_domain;
DROP TABLE organisation_domain;
ALTER TABLE organisation_domain_claim RENAME TO organisation_domain;
CREATE UNIQUE INDEX organisation_domain_proved ON organisation_domain (skeleton) WHERE proof IS NOT NULL;
CREATE INDEX organisation_domain_named ON organisation_domain (skeleton);
