-- What probes found of connectors, by the address that was looked at: one row from the first look at which it was so to the last.
CREATE TABLE probe_evidence (
  address      TEXT   NOT NULL,
  since        BIGINT NOT NULL,
  confirmed_at BIGINT NOT NULL,
  looks        BIGINT NOT NULL,
  finding      TEXT   NOT NULL, -- JSON: what is published, or why nobody can tell
  PRIMARY KEY (address, since)
);

-- When an address is looked at next: of several nodes one takes the turn.
CREATE TABLE probe_turn (
  address  TEXT   PRIMARY KEY,
  next_at  BIGINT NOT NULL,
  failures BIGINT NOT NULL -- looks in a row that found nothing
);

-- Documents with the tag by which their servers tell whether they have changed.
CREATE TABLE probe_document (
  url  TEXT   PRIMARY KEY,
  etag TEXT   NOT NULL,
  body TEXT   NOT NULL,
  at   BIGINT NOT NULL
);
