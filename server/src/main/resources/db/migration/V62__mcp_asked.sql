-- What was asked in sessions of MCP servers behind the gateway on streams that can be resumed: an answer that comes on another
-- stream is judged by the request that it answers, on whatever node. An id that a client has used for two things has two rows.
CREATE TABLE mcp_asked (
  connector    TEXT   NOT NULL,
  session_hash TEXT   NOT NULL,
  request_hash TEXT   NOT NULL,
  expected     TEXT   NOT NULL,
  forget_after BIGINT NOT NULL,
  PRIMARY KEY (connector, session_hash, request_hash, expected)
);
CREATE INDEX mcp_asked_expiry ON mcp_asked (forget_after);
