-- Whether somebody who may speak for an address has verified it. Of people whom a provider has named at a sign-in it is not known before the next one.
ALTER TABLE person ADD COLUMN email_verified SMALLINT NOT NULL DEFAULT 1;
UPDATE person SET email_verified = 0
  WHERE id IN (SELECT person FROM person_link)
    AND id NOT IN (SELECT person FROM provisioned_person)
    AND id NOT IN (SELECT person FROM password);
-- When a provider has said at a sign-in what they are called: what is older counts for nothing.
ALTER TABLE person ADD COLUMN profile_said_at BIGINT NOT NULL DEFAULT 0;
