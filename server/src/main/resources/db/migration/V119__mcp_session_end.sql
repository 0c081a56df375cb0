-- A session counts only if no kill lies after the token with which it was opened, and its server is
-- told of its end by any node: how, is sealed like the address of a task.
ALTER TABLE mcp_session ADD COLUMN begun_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mcp_session ADD COLUMN provider TEXT;
ALTER TABLE mcp_session ADD COLUMN sealed TEXT;

-- They were kept for seven days from their opening.
UPDATE mcp_session SET begun_at = forget_after - 604800000;

-- The kill of a person asks for all of theirs.
CREATE INDEX mcp_session_subject ON mcp_session (subject);
