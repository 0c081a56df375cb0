-- The reconciliation takes its turn like everything else that one of several nodes does: by the table turn.
DROP TABLE reconciliation;
