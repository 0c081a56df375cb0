-- ID-JAGs that count against a quota, by calendar month in UTC. number is the jti where they are only counted; under a
-- limit it is '#' and the number of the person's in the month, and a claim: of two nodes that issue at once one comes first.
CREATE TABLE id_jag_use (
  person    TEXT   NOT NULL,
  month     TEXT   NOT NULL,
  number    TEXT   NOT NULL,
  resources TEXT   NOT NULL,
  client    TEXT   NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (person, month, number)
);
CREATE INDEX id_jag_use_month ON id_jag_use (month);
