-- When the groups of a person were last said at a sign-in, by the clock of the provider: of two
-- sign-ins at once the older statement must not win.
ALTER TABLE person ADD COLUMN groups_said_at BIGINT NOT NULL DEFAULT 0;
