-- From which level on the client of a session wants to hear what servers log (logging/setLevel); NULL if it has not said. An
-- aggregate tells each server that it opens a session at later, on whatever node.
ALTER TABLE mcp_session ADD COLUMN log_level TEXT;
