-- When a node last began to compare the record with itself: of several nodes one does, in turn.
CREATE TABLE reconciliation (
  one      SMALLINT PRIMARY KEY,
  begun_at BIGINT   NOT NULL
);
INSERT INTO reconciliation (one, begun_at) VALUES (1, 0);
