-- When a draft that was handed in was proposed or put in force; 0 if it was not. Whoever takes it, and whoever takes it back, writes this row.
ALTER TABLE library_submission ADD COLUMN taken_at BIGINT NOT NULL DEFAULT 0;
