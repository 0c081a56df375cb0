-- Who is in by a sign-in at an issuer of theirs, if they are known as a user here: our own id. What
-- ends the person ends the visit.
ALTER TABLE organisation_access ADD COLUMN person TEXT;
