-- Whose the tasks are that MCP servers behind the gateway have made of calls: the id of a task is no proof of anything, and counts
-- only for the person and the client that made the call, and in its session where there was one. The tool is what is judged again
-- whenever somebody asks what became of it.
CREATE TABLE mcp_task (
  connector    TEXT   NOT NULL,
  task_hash    TEXT   NOT NULL,
  subject      TEXT   NOT NULL,
  client       TEXT   NOT NULL,
  session_hash TEXT   NOT NULL,
  tool         TEXT   NOT NULL,
  made_at      BIGINT NOT NULL,
  kept_for     BIGINT NOT NULL,
  forget_after BIGINT NOT NULL,
  PRIMARY KEY (connector, task_hash)
);
CREATE INDEX mcp_task_expiry ON mcp_task (forget_after);
CREATE INDEX mcp_task_subject ON mcp_task (subject, connector);
