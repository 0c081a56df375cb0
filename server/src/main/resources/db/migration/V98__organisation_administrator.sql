-- The administrators of enrolled organisations who come back by signing in at an issuer of theirs.
-- way names organisation and issuer. client_id: what this server is called there.
CREATE TABLE organisation_administrator (
  way          TEXT   NOT NULL,
  subject      TEXT   NOT NULL,
  organisation TEXT   NOT NULL REFERENCES organisation (name),
  issuer       TEXT   NOT NULL,
  client_id    TEXT   NOT NULL,
  named_at     BIGINT NOT NULL,
  PRIMARY KEY (way, subject)
);
CREATE INDEX organisation_administrator_owner ON organisation_administrator (organisation);
