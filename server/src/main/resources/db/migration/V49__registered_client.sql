-- Clients that have registered themselves at a server (RFC 7591), with what they say of themselves as JSON.
CREATE TABLE registered_client (
  server        TEXT   NOT NULL,
  client        TEXT   NOT NULL,
  metadata      TEXT   NOT NULL,
  secret_hash   TEXT,
  registered_at BIGINT NOT NULL,
  used_at       BIGINT NOT NULL,
  PRIMARY KEY (server, client)
);
