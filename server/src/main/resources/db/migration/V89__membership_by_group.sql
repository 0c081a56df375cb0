-- Who could reach a connector at a time is asked of those who were in some groups then, and not of everybody.
CREATE INDEX person_membership_group ON person_membership (group_name, person);
