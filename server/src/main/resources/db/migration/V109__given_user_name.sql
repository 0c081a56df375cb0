-- The user name, as it is compared, that an administrator or a source of provisioning has given somebody: empty if none has. Rules go by a user name only while
-- it is this one, because one that a provider told at a sign-in may be the person's own choice. A node of an earlier version writes a new name and not this.
-- Of those who are here, whoever an issuer outside means and no source keeps has the name from that issuer.
ALTER TABLE person ADD COLUMN given_user_name_key TEXT;
UPDATE person SET given_user_name_key = user_name_key
  WHERE deleted_at IS NULL
    AND (id IN (SELECT person FROM provisioned_person)
      OR NOT EXISTS (SELECT 1 FROM person_link WHERE person_link.person = person.id AND person_link.subject <> person.id));
