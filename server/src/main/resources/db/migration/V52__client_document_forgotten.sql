-- What a client said that never came again is forgotten one day. The key sets that clients name by URL are kept in the
-- same way.
ALTER TABLE client_document ADD COLUMN forget_after BIGINT NOT NULL DEFAULT 0;
UPDATE client_document SET forget_after = changed_at + 15552000000;
CREATE INDEX client_document_forget ON client_document (forget_after);
