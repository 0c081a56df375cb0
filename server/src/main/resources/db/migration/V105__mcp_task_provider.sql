-- By whose word the call of a task was made: the kill of a provider ends what began with it, whoever the person signs in with later.
ALTER TABLE mcp_task ADD COLUMN provider TEXT;
