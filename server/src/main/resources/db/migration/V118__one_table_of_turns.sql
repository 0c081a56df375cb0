-- The reconciliation and the looks at tools take their turns like everything else that one of several nodes does: by the
-- table turn.
DROP TABLE reconciliation;
DROP TABLE tool_turn;
