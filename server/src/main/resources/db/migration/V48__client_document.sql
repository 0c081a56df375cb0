-- What the metadata documents of clients said last, so that every change is seen and recorded once, also by a node that
-- has just started. Documents themselves are kept by nobody.
CREATE TABLE client_document (
  server      TEXT   NOT NULL,
  client      TEXT   NOT NULL,
  description TEXT   NOT NULL,
  changed_at  BIGINT NOT NULL,
  PRIMARY KEY (server, client)
);
