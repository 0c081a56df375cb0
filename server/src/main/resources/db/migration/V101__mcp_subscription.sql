-- Of which resources the client of a session at an aggregate wants to hear (resources/subscribe), by the server that has them:
-- each session that is opened anew at a server is told of them, on whatever node. A URI may be longer than a key.
CREATE TABLE mcp_subscription (
  connector    TEXT   NOT NULL,
  session_hash TEXT   NOT NULL,
  part         TEXT   NOT NULL,
  uri_hash     TEXT   NOT NULL,
  uri          TEXT   NOT NULL,
  forget_after BIGINT NOT NULL,
  PRIMARY KEY (connector, session_hash, part, uri_hash)
);
CREATE INDEX mcp_subscription_expiry ON mcp_subscription (forget_after);
