-- Whose an e-mail address was before. Such an address identifies nobody else by itself: it may have
-- been given to somebody new. The address is here as a hash, because its holder may be erased.
CREATE TABLE former_address (
  organisation TEXT   NOT NULL,
  address_hash TEXT   NOT NULL,
  person       TEXT   NOT NULL,
  until        BIGINT NOT NULL,
  PRIMARY KEY (organisation, address_hash, person)
);
