-- When a node last began what one of several nodes is to do.
CREATE TABLE turn (
  what     TEXT   PRIMARY KEY,
  begun_at BIGINT NOT NULL
);
