-- Secrets that the installation makes for itself once, under the master key: the salt of pairwise subjects.
CREATE TABLE installation_secret (
  name       TEXT   PRIMARY KEY,
  sealed     TEXT   NOT NULL,
  created_at BIGINT NOT NULL
);
