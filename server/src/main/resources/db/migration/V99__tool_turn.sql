-- When a node may next look at the tools of a connector by itself: of several nodes one takes the turn.
CREATE TABLE tool_turn (
  connector TEXT   NOT NULL PRIMARY KEY,
  next_at   BIGINT NOT NULL
);
