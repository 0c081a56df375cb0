-- How a server is told that a task ends: its id there and the session, sealed under the master key. NULL where a process has no key,
-- where nothing has to be told, and once the task has ended by itself.
ALTER TABLE mcp_task ADD COLUMN sealed TEXT;

-- Tasks that a kill has dropped and whose servers may not know that yet. Whichever node of the gateway has one due tells the server;
-- it is due again as long as no server has taken it.
CREATE TABLE mcp_task_end (
  connector    TEXT   NOT NULL,
  task_hash    TEXT   NOT NULL,
  subject      TEXT   NOT NULL,
  client       TEXT   NOT NULL,
  tool         TEXT   NOT NULL,
  correlation  TEXT   NOT NULL,
  sealed       TEXT   NOT NULL,
  due_at       BIGINT NOT NULL,
  forget_after BIGINT NOT NULL,
  PRIMARY KEY (connector, task_hash)
);
CREATE INDEX mcp_task_end_expiry ON mcp_task_end (forget_after);
