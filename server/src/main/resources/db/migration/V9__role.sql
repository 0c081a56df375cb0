-- The ends of exceptions of the role library, and how far their consequences are drawn: when the tokens that only
-- an exception gave were looked for the first time, and for good.
CREATE TABLE exception_end (
  exemption   TEXT   NOT NULL,
  until       BIGINT NOT NULL,
  enforced_at BIGINT,
  settled_at  BIGINT,
  PRIMARY KEY (exemption, until)
);
