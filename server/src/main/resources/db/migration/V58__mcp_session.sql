-- Whose the sessions are that MCP servers behind the gateway have opened: a session id is no proof of anything, and counts only
-- for the person and the client that it was given to (RS-17).
CREATE TABLE mcp_session (
  connector    TEXT   NOT NULL,
  session_hash TEXT   NOT NULL,
  subject      TEXT   NOT NULL,
  client       TEXT   NOT NULL,
  forget_after BIGINT NOT NULL,
  PRIMARY KEY (connector, session_hash)
);
CREATE INDEX mcp_session_expiry ON mcp_session (forget_after);
