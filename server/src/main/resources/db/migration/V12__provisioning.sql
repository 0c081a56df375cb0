-- Groups in groups. Whoever is in the inner one is in the outer one too, however deep.
CREATE TABLE provisioned_nested (
  group_id     TEXT NOT NULL REFERENCES provisioned_group (id),
  member_group TEXT NOT NULL REFERENCES provisioned_group (id),
  PRIMARY KEY (group_id, member_group)
);
CREATE INDEX provisioned_nested_member ON provisioned_nested (member_group);

-- One row for each source: whoever changes its groups or who is in them waits for it.
CREATE TABLE provisioned_turn (
  source       TEXT NOT NULL,
  organisation TEXT NOT NULL,
  PRIMARY KEY (source, organisation)
);

-- The access tokens that OAuth clients of SCIM connections got, as hashes.
CREATE TABLE scim_access_token (
  hash       TEXT   PRIMARY KEY,
  connection TEXT   NOT NULL,
  client     TEXT   NOT NULL,
  issued_at  BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX scim_access_token_expiry ON scim_access_token (expires_at);
