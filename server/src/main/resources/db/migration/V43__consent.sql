-- What people have agreed that clients do for them at a server's resources. One row for each time they were
-- asked; together they are what is agreed. Withdrawing deletes; the audit record keeps both.
CREATE TABLE consent (
  id        TEXT   PRIMARY KEY,
  server    TEXT   NOT NULL,
  person    TEXT   NOT NULL,
  client    TEXT   NOT NULL,
  mark      TEXT   NOT NULL,
  resource  TEXT   NOT NULL,
  scopes    TEXT   NOT NULL,
  agreed_at BIGINT NOT NULL
);
CREATE INDEX consent_person ON consent (person, server, client);
