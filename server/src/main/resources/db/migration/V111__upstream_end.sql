-- When the provider upstream wants everything that stands on its sign-in to end, if it says so: a
-- session, and what a client gets on a code of that session.
ALTER TABLE session ADD COLUMN upstream_ends_by BIGINT;
ALTER TABLE authorization_code ADD COLUMN ends_by BIGINT;
