-- event_days: one row per child and day of follow-up on which an episode began.
--
-- Reads   followed, merged_events, absences
-- Gives   child_key, day, events (episodes that began on it), seen (0: before the child came
--         under observation), at_risk (0: not seen, or reported on a day on which the child was
--         away for the whole of it; so not counted)
--
-- Day 0 and before is history: it is what brought the child into the cohort.

SELECT
    followed.child_key,
    unix_date(merged_events.started_on) - followed.zero AS day,
    COUNT(*) AS events,
    MIN(
        CASE
            WHEN unix_date(merged_events.started_on) - followed.zero < followed.first_day THEN 0
            ELSE 1
        END
    ) AS seen,
    MIN(CASE WHEN absences.child_key IS NULL THEN 1 ELSE 0 END) AS at_risk
FROM followed
INNER JOIN merged_events ON followed.child_key = merged_events.child_key
LEFT JOIN absences
    ON followed.child_key = absences.child_key
    AND unix_date(merged_events.started_on) - followed.zero
    BETWEEN absences.first_off AND absences.last_off
WHERE
    unix_date(merged_events.started_on) - followed.zero BETWEEN 1 AND followed.last_day
GROUP BY followed.child_key, unix_date(merged_events.started_on) - followed.zero
