-- Assertions of SAML providers that were used: whoever inserts one first has brought it.
CREATE TABLE saml_assertion (
  issuer       TEXT   NOT NULL,
  id_hash      TEXT   NOT NULL,
  forget_after BIGINT NOT NULL,
  PRIMARY KEY (issuer, id_hash)
);
CREATE INDEX saml_assertion_expiry ON saml_assertion (forget_after);
