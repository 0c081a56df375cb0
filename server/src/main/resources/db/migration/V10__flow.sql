-- What an authorization code or a refresh token is for, at a server that has several resources.
ALTER TABLE authorization_code ADD COLUMN resources TEXT NOT NULL DEFAULT '';
ALTER TABLE refresh_token ADD COLUMN resources TEXT NOT NULL DEFAULT '';
