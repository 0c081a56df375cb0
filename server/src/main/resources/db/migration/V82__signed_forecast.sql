-- What the forecaster has signed with their own key: exactly this row. NULL where nobody has signed.
ALTER TABLE forecast ADD COLUMN statement TEXT;
