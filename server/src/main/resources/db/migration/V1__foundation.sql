-- The record of one installation. One text for PostgreSQL and SQLite; the placeholder is the only
-- difference. Times are milliseconds since 1970 (UTC), flags 0 or 1, JSON and lists are text. Secrets
-- and tokens are here as hashes only, private keys encrypted.

-- What every node must learn, in the order of its commits.
CREATE TABLE change (
  seq  BIGINT PRIMARY KEY,
  kind TEXT   NOT NULL,
  body TEXT   NOT NULL,
  at   BIGINT NOT NULL
);

-- Append-only: who was granted or refused what, and why.
CREATE TABLE audit (
  seq            ${identity},
  at             BIGINT NOT NULL,
  type           TEXT   NOT NULL,
  outcome        TEXT   NOT NULL,
  correlation_id TEXT   NOT NULL,
  organisation   TEXT,
  person         TEXT,
  client         TEXT,
  evidence       TEXT   NOT NULL
);
CREATE INDEX audit_correlation ON audit (correlation_id);
CREATE INDEX audit_person ON audit (person, seq) WHERE person IS NOT NULL;

-- state: next, active, retired, revoked. sealed is the private JWK under the master key.
CREATE TABLE signing_key (
  kid        TEXT   PRIMARY KEY,
  server     TEXT   NOT NULL,
  purpose    TEXT   NOT NULL,
  state      TEXT   NOT NULL,
  algorithm  TEXT   NOT NULL,
  sealed     TEXT   NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX signing_key_active ON signing_key (server, purpose) WHERE state = 'active';

CREATE TABLE person (
  id           TEXT     PRIMARY KEY,
  organisation TEXT     NOT NULL,
  user_name    TEXT     NOT NULL,
  -- The form in which two user names are the same; made by the program, since databases fold letters
  -- differently.
  user_name_key TEXT    NOT NULL,
  email        TEXT,
  display_name TEXT     NOT NULL,
  active       SMALLINT NOT NULL,
  created_at   BIGINT   NOT NULL,
  updated_at   BIGINT   NOT NULL
);
CREATE UNIQUE INDEX person_user_name ON person (organisation, user_name_key);

CREATE TABLE person_group (
  person     TEXT NOT NULL REFERENCES person (id),
  group_name TEXT NOT NULL,
  PRIMARY KEY (person, group_name)
);

-- The subject of an issuer that is known to be this person, for one organisation.
CREATE TABLE person_link (
  organisation TEXT   NOT NULL,
  issuer       TEXT   NOT NULL,
  subject      TEXT   NOT NULL,
  person       TEXT   NOT NULL REFERENCES person (id),
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (organisation, issuer, subject)
);
CREATE INDEX person_link_person ON person_link (person);

CREATE TABLE password (
  person     TEXT   PRIMARY KEY REFERENCES person (id),
  hash       TEXT   NOT NULL,
  changed_at BIGINT NOT NULL
);

-- Somebody is signed in at a server. secret_hash is the hash of the cookie's value.
CREATE TABLE session (
  id               TEXT   PRIMARY KEY,
  server           TEXT   NOT NULL,
  secret_hash      TEXT   NOT NULL UNIQUE,
  person           TEXT   NOT NULL,
  upstream         TEXT,
  upstream_session TEXT,
  auth_time        BIGINT,
  acr              TEXT,
  amr              TEXT,
  created_at       BIGINT NOT NULL,
  expires_at       BIGINT NOT NULL,
  ended_at         BIGINT
);
CREATE INDEX session_person ON session (person);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE authorization_code (
  code_hash      TEXT   PRIMARY KEY,
  server         TEXT   NOT NULL,
  family         TEXT   NOT NULL,
  client         TEXT   NOT NULL,
  person         TEXT   NOT NULL,
  session        TEXT   NOT NULL,
  redirect_uri   TEXT   NOT NULL,
  code_challenge TEXT   NOT NULL,
  scopes         TEXT   NOT NULL,
  nonce          TEXT,
  key_thumbprint TEXT,
  auth_time      BIGINT,
  acr            TEXT,
  amr            TEXT,
  issued_at      BIGINT NOT NULL,
  expires_at     BIGINT NOT NULL
);
CREATE INDEX authorization_code_expiry ON authorization_code (expires_at);

-- The claim on an authorization code: whoever inserts it first has redeemed the code.
CREATE TABLE code_redemption (
  code_hash    TEXT   PRIMARY KEY,
  family       TEXT   NOT NULL,
  redeemed_at  BIGINT NOT NULL,
  forget_after BIGINT NOT NULL
);
CREATE INDEX code_redemption_expiry ON code_redemption (forget_after);

-- replaces is the claim on the predecessor: of two rotations of one token only one is inserted.
CREATE TABLE refresh_token (
  token_hash     TEXT   PRIMARY KEY,
  family         TEXT   NOT NULL,
  replaces       TEXT   UNIQUE,
  server         TEXT   NOT NULL,
  client         TEXT   NOT NULL,
  person         TEXT   NOT NULL,
  session        TEXT   NOT NULL,
  scopes         TEXT   NOT NULL,
  key_thumbprint TEXT,
  auth_time      BIGINT,
  acr            TEXT,
  amr            TEXT,
  issued_at      BIGINT NOT NULL,
  expires_at     BIGINT NOT NULL
);
CREATE INDEX refresh_token_family ON refresh_token (family);
CREATE INDEX refresh_token_expiry ON refresh_token (expires_at);

-- A sign-in that is under way at an upstream provider.
CREATE TABLE upstream_sign_in (
  state_hash          TEXT   PRIMARY KEY,
  server              TEXT   NOT NULL,
  upstream            TEXT   NOT NULL,
  browser_hash        TEXT   NOT NULL,
  nonce               TEXT   NOT NULL,
  code_verifier       TEXT   NOT NULL,
  authorization_query TEXT   NOT NULL,
  expires_at          BIGINT NOT NULL
);
CREATE INDEX upstream_sign_in_expiry ON upstream_sign_in (expires_at);

-- What a resource authorization server has granted on an ID-JAG; every token of it names the id.
CREATE TABLE ras_grant (
  id             TEXT   PRIMARY KEY,
  organisation   TEXT   NOT NULL,
  issuer         TEXT   NOT NULL,
  assertion_id   TEXT   NOT NULL,
  person         TEXT   NOT NULL,
  client         TEXT   NOT NULL,
  resources      TEXT   NOT NULL,
  scopes         TEXT   NOT NULL,
  key_thumbprint TEXT,
  issued_at      BIGINT NOT NULL,
  expires_at     BIGINT NOT NULL
);
CREATE INDEX ras_grant_person ON ras_grant (person);

-- The claim on one use of an ID-JAG; use_number is above 0 only where a policy allows more than one.
CREATE TABLE redemption (
  issuer         TEXT   NOT NULL,
  assertion_id   TEXT   NOT NULL,
  use_number     TEXT   NOT NULL,
  client         TEXT   NOT NULL,
  assertion_hash TEXT   NOT NULL,
  grant_id       TEXT   NOT NULL,
  redeemed_at    BIGINT NOT NULL,
  forget_after   BIGINT NOT NULL,
  PRIMARY KEY (issuer, assertion_id, use_number)
);

-- The claim on a client assertion (private_key_jwt, single use).
CREATE TABLE client_assertion (
  server       TEXT   NOT NULL,
  client       TEXT   NOT NULL,
  assertion_id TEXT   NOT NULL,
  forget_after BIGINT NOT NULL,
  PRIMARY KEY (server, client, assertion_id)
);

-- The claim on a DPoP proof.
CREATE TABLE dpop_proof (
  key_thumbprint TEXT   NOT NULL,
  proof_id       TEXT   NOT NULL,
  forget_after   BIGINT NOT NULL,
  PRIMARY KEY (key_thumbprint, proof_id)
);

-- Everything of this person, session, grant, client or token issued before the instant is dead.
CREATE TABLE deny (
  kind         TEXT   NOT NULL,
  value        TEXT   NOT NULL,
  before       BIGINT NOT NULL,
  forget_after BIGINT NOT NULL,
  reason       TEXT   NOT NULL,
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (kind, value)
);
