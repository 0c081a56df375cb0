-- What a grant allows in more words than scopes have (RFC 9396), as JSON; NULL for nearly all.
ALTER TABLE ras_grant ADD COLUMN authorization_details TEXT;
