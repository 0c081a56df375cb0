-- Whose a user name was before. A provider gives such a name to nobody else here: exceptions of the role library go by it.
-- The name is here as a hash, because its holder may be erased.
CREATE TABLE former_user_name (
  organisation TEXT   NOT NULL,
  name_hash    TEXT   NOT NULL,
  person       TEXT   NOT NULL,
  until        BIGINT NOT NULL,
  PRIMARY KEY (organisation, name_hash, person)
);
