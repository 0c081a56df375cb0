-- How often connectors were used on a day (UTC), counted once from the audit record when the day is over: the record may be shorter.
CREATE TABLE connector_use (
  day       TEXT   NOT NULL,
  connector TEXT   NOT NULL,
  exchanges BIGINT NOT NULL, -- ID-JAGs issued for it
  calls     BIGINT NOT NULL, -- calls through the gateway that were passed on
  PRIMARY KEY (day, connector)
);

-- The days that were counted, those without any use among them.
CREATE TABLE connector_use_day (
  day TEXT PRIMARY KEY
);
