-- When the ID-JAG of a grant was issued: what is redeemed by a node that has not heard of a kill yet is known by it.
ALTER TABLE ras_grant ADD COLUMN asserted_at BIGINT;
