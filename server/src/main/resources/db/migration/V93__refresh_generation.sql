-- Within the grace a token that was rotated gives further ones beside its successor. All of them are one generation (the hash of the successor), of which one alone
-- may be rotated: its successor names the generation in replaces, which is unique, and the token itself in rotated. Older rows are a generation each, and have NULL.
ALTER TABLE refresh_token ADD COLUMN generation TEXT;
ALTER TABLE refresh_token ADD COLUMN rotated TEXT;
