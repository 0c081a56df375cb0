-- A draft that was handed in and taken back by who had handed it in, before anybody proposed it; 0 if it was not.
ALTER TABLE library_submission ADD COLUMN withdrawn_at BIGINT NOT NULL DEFAULT 0;
