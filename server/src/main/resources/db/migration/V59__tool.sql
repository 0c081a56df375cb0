-- The tools of connectors: what each server says of them now, and what an administrator has accepted.
CREATE TABLE tool (
  connector      TEXT   NOT NULL,
  name           TEXT   NOT NULL,
  state          TEXT   NOT NULL, -- new, changed, withdrawn, accepted or removed
  current_hash   TEXT,            -- NULL when the server has it no more
  since          BIGINT NOT NULL, -- when the server began to say that
  accepted_hash  TEXT,            -- what was accepted last, also after the server has changed it
  accepted_grade TEXT,
  accepted_by    TEXT,
  accepted_at    BIGINT,
  PRIMARY KEY (connector, name)
);

-- Everything that servers have said of their tools. One row for each text, however often it came.
CREATE TABLE tool_version (
  connector  TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  hash       TEXT   NOT NULL,
  definition TEXT   NOT NULL,
  first_at   BIGINT NOT NULL,
  PRIMARY KEY (connector, name, hash)
);
