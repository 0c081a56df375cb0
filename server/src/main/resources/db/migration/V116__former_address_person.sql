-- Whether somebody had another address before is asked at their kill, inside its transaction.
CREATE INDEX former_address_person ON former_address (person);
