-- What the operator has said a SAML NameID of an issuer means, while its organisation does not name the
-- issuer. rule: one JSON object.
CREATE TABLE organisation_name_id (
  organisation TEXT NOT NULL REFERENCES organisation (name),
  issuer       TEXT NOT NULL,
  rule         TEXT NOT NULL,
  PRIMARY KEY (organisation, issuer)
);
