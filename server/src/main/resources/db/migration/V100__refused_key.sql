-- Keys of issuers that count no more, whoever claims the issuer next.
-- organisation: whose refusal it is; '' for the operator's, which holds for every organisation.
-- An organisation's own are here only while it does not name the issuer.
CREATE TABLE organisation_refused_key (
  issuer       TEXT   NOT NULL,
  organisation TEXT   NOT NULL,
  refused      TEXT   NOT NULL,
  refused_at   BIGINT NOT NULL,
  PRIMARY KEY (issuer, organisation, refused)
);
CREATE INDEX organisation_refused_key_owner ON organisation_refused_key (organisation, refused_at);
