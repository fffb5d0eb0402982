-- followed: one row per child who was followed for a day or more, in days since time zero.
--
-- Reads   cohort(child_key, arm, time_zero, followed_to, ended_by)
-- Gives   child_key, arm, zero (time zero as a day number), last_day, ended_by

SELECT
    child_key,
    arm,
    unix_date(time_zero) AS zero,
    unix_date(followed_to) - unix_date(time_zero) AS last_day,
    ended_by
FROM cohort
WHERE unix_date(followed_to) > unix_date(time_zero)
