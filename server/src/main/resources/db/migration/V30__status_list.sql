-- The place of each access token that names a status list, with everything that the token dies with.
CREATE TABLE status_entry (
  list       TEXT    NOT NULL,
  place      INTEGER NOT NULL,
  server     TEXT    NOT NULL,
  token      TEXT    NOT NULL,
  grant_id   TEXT,
  person     TEXT    NOT NULL,
  client     TEXT    NOT NULL,
  resources  TEXT    NOT NULL,
  session    TEXT,
  provider   TEXT,
  issued_at  BIGINT  NOT NULL,
  expires_at BIGINT  NOT NULL,
  PRIMARY KEY (list, place)
);
CREATE INDEX status_entry_expiry ON status_entry (expires_at);
