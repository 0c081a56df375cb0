-- What people were, so that one can ask who could reach what at a time (the time machine). Written in the transaction of the change
-- itself, by every way in which groups and standing change.

-- standing: active, disabled, deleted; from then until the next row of the person.
CREATE TABLE person_standing (
  person   TEXT   NOT NULL,
  since    BIGINT NOT NULL,
  standing TEXT   NOT NULL,
  PRIMARY KEY (person, since)
);

-- In which groups somebody was: claimed, provisioned, and groups around those. left_at is NULL while they are in it.
CREATE TABLE person_membership (
  person     TEXT   NOT NULL,
  group_name TEXT   NOT NULL,
  since      BIGINT NOT NULL,
  left_at    BIGINT,
  PRIMARY KEY (person, group_name, since)
);

-- An installation that is older knows nothing of before: its history begins with the last thing that it recorded, as it was then.
CREATE TABLE access_history (
  begins_at BIGINT NOT NULL
);
INSERT INTO access_history (begins_at) SELECT COALESCE(MAX(at), 0) FROM audit;

INSERT INTO person_standing (person, since, standing)
SELECT id, access_history.begins_at,
  CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN active = 1 THEN 'active' ELSE 'disabled' END
FROM person CROSS JOIN access_history;

INSERT INTO person_membership (person, group_name, since)
WITH RECURSIVE theirs(person, group_id) AS (
  SELECT person, group_id FROM provisioned_member
  UNION
  SELECT theirs.person, provisioned_nested.group_id
  FROM theirs JOIN provisioned_nested ON provisioned_nested.member_group = theirs.group_id
), names(person, group_name) AS (
  SELECT person, group_name FROM person_group
  UNION
  SELECT theirs.person, provisioned_group.display_name
  FROM theirs JOIN provisioned_group ON provisioned_group.id = theirs.group_id
)
SELECT names.person, names.group_name, access_history.begins_at FROM names CROSS JOIN access_history;
