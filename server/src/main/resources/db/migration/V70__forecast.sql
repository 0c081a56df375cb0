-- What people say of when connectors will have Enterprise-Managed Authorization, and what became of it. Rows are only ever added.

-- launch: by quarter the probability that it is in that quarter, as JSON with decimals as they were written.
CREATE TABLE forecast (
  seq        ${identity},
  connector  TEXT   NOT NULL,
  forecaster TEXT   NOT NULL,
  launch     TEXT   NOT NULL,
  reason     TEXT   NOT NULL,
  evidence   TEXT   NOT NULL,
  at         BIGINT NOT NULL
);

-- A connector is there since launched_on. The highest number stands; an earlier one was a mistake.
CREATE TABLE connector_launch (
  connector   TEXT   NOT NULL,
  number      BIGINT NOT NULL,
  launched_on TEXT   NOT NULL,
  evidence    TEXT   NOT NULL,
  source      TEXT   NOT NULL,
  at          BIGINT NOT NULL,
  PRIMARY KEY (connector, number)
);
