-- What an administrator has accepted of a tool beside tool.accepted_hash: its server words it in several ways.
CREATE TABLE tool_wording (
  connector   TEXT   NOT NULL,
  name        TEXT   NOT NULL,
  hash        TEXT   NOT NULL,
  accepted_by TEXT   NOT NULL,
  accepted_at BIGINT NOT NULL,
  PRIMARY KEY (connector, name, hash)
);
