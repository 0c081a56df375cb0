-- Clients that administrators have entered in the console, each in the words of the clients file but for its id and its secret. The secret is
-- kept as its hash only; secret_at is 0 until one was told to somebody: before, it is one that nobody knows.
CREATE TABLE entered_client (
  server      TEXT   NOT NULL,
  client      TEXT   NOT NULL,
  entry       TEXT   NOT NULL,
  secret_hash TEXT   NOT NULL,
  secret_at   BIGINT NOT NULL,
  entered_at  BIGINT NOT NULL,
  changed_at  BIGINT NOT NULL,
  PRIMARY KEY (server, client)
);
