-- Ends that a provider has told before what they end was here: a session, or a person, whose sign-in
-- was under way. subject is a hash of the name. ended_at is empty while somebody who signs in has
-- only made sure that nothing ends meanwhile.
CREATE TABLE early_end (
  subject      TEXT   PRIMARY KEY,
  ended_at     BIGINT,
  forget_after BIGINT NOT NULL
);
CREATE INDEX early_end_expiry ON early_end (forget_after);
