-- When a key came into its state. For each purpose one key of each algorithm may be active, because relying parties
-- want different ones, and one may be next: of two nodes that make a successor one does.
ALTER TABLE signing_key ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
UPDATE signing_key SET since = created_at;
DROP INDEX signing_key_active;
CREATE UNIQUE INDEX signing_key_active ON signing_key (server, purpose, algorithm) WHERE state = 'active';
CREATE UNIQUE INDEX signing_key_next ON signing_key (server, purpose, algorithm) WHERE state = 'next';
