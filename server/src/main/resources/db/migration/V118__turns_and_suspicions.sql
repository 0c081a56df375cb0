-- The reconciliation and the looks at tools take their turns like everything else that one of several nodes does: by the
-- table turn.
DROP TABLE reconciliation;
DROP TABLE tool_turn;

-- Whether a server said of a tool what looks like an attack, and nobody has judged the tool since. One alarm of a connector
-- names them; it had one for each.
ALTER TABLE tool ADD COLUMN suspected SMALLINT NOT NULL DEFAULT 0;
UPDATE tool SET suspected = 1 WHERE EXISTS (
  SELECT 1 FROM alarm
  WHERE alarm.kind = 'tool-suspicious' AND alarm.subject = tool.connector || '/' || tool.name
    AND alarm.resolved_at IS NULL);
DELETE FROM alarm WHERE kind = 'tool-suspicious' AND resolved_at IS NULL;
INSERT INTO alarm (kind, subject, detail, first_at, last_at, times)
  SELECT 'tool-suspicious', connector,
    'what its server says of ' || COUNT(*) || ' of its tools looks like an attack; see ''lanyard tools show --connector '
      || connector || ' --tool NAME''',
    MIN(since), MAX(since), 1
  FROM tool WHERE suspected = 1 GROUP BY connector;
