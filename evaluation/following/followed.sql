-- followed: one row per child who was followed for a day or more, in days since time zero.
--
-- Reads   cohort(child_key, arm, time_zero, followed_to, ended_by, at_risk_from)
-- Gives   child_key, arm, zero (time zero as a day number), first_day (the first on which the
--         child could be seen to have an event), last_day, ended_by
--
-- Day 0 is never at risk; a child observed from before it, or for whom at_risk_from is missing,
-- is at risk from day 1.

SELECT
    child_key,
    arm,
    unix_date(time_zero) AS zero,
    GREATEST(COALESCE(unix_date(at_risk_from) - unix_date(time_zero), 1), 1) AS first_day,
    unix_date(followed_to) - unix_date(time_zero) AS last_day,
    ended_by
FROM cohort
WHERE unix_date(followed_to) > unix_date(time_zero)
