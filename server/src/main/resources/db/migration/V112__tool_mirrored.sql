-- The parameters of a tool that clients repeat in headers (x-mcp-header), worked out when the definition was noted, so that nobody
-- has to read all definitions for them. '{}' if it has none. NULL was noted by a program that did not work it out.
ALTER TABLE tool ADD COLUMN mirrored TEXT;
UPDATE tool SET mirrored = '{}' WHERE NOT EXISTS (
  SELECT 1 FROM tool_version version
  WHERE version.connector = tool.connector AND version.name = tool.name AND version.hash = tool.current_hash
    AND version.definition LIKE '%x-mcp-header%');
