-- What a client has asked to be told of a person one by one: words such as id_token:name.
ALTER TABLE authorization_code ADD COLUMN claims TEXT NOT NULL DEFAULT '';
ALTER TABLE refresh_token ADD COLUMN claims TEXT NOT NULL DEFAULT '';
