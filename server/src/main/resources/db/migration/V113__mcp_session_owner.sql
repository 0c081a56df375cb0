-- The oldest sessions of a person and client at a connector end when there are too many.
CREATE INDEX mcp_session_owner ON mcp_session (connector, subject, client, forget_after);
