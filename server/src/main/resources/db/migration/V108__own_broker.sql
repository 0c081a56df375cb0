-- Whose people the directory keeps, for the servers that stand on the same record: one row, by the
-- broker that began last. Sectors and tenants are lists with a line for each.
CREATE TABLE own_broker (
  one          BIGINT PRIMARY KEY CHECK (one = 1),
  issuer       TEXT   NOT NULL,
  organisation TEXT   NOT NULL,
  sectors      TEXT   NOT NULL,
  tenants      TEXT   NOT NULL
);
