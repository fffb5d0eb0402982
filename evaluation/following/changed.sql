-- changed: one row per kind of change that was made on the way, and how often.
--
-- Reads   cohort, followed, merged_events, absences, event_days, intervals
-- Gives   what, how_many
--
-- Of the children followed:
--   episodes = merged + before_time_zero + before_entry + after_follow_up + while_away + counted
-- days_removed = days_before_entry and those of absences, each day once

WITH placed AS (
    SELECT
        merged_events.episodes,
        merged_events.unclosed,
        unix_date(merged_events.started_on) - followed.zero AS day,
        followed.last_day
    FROM followed
    INNER JOIN merged_events ON followed.child_key = merged_events.child_key
)

SELECT 'episodes' AS what, COALESCE(SUM(episodes), 0) AS how_many FROM placed
UNION ALL
SELECT 'merged' AS what, COALESCE(SUM(episodes - 1), 0) AS how_many FROM placed
UNION ALL
SELECT 'unclosed' AS what, COALESCE(SUM(unclosed), 0) AS how_many FROM placed
UNION ALL
SELECT 'before_time_zero' AS what, COUNT(*) AS how_many FROM placed WHERE day <= 0
UNION ALL
SELECT 'after_follow_up' AS what, COUNT(*) AS how_many FROM placed WHERE day > last_day
UNION ALL
SELECT 'before_entry' AS what, COALESCE(SUM(events), 0) AS how_many FROM event_days WHERE seen = 0
UNION ALL
SELECT 'while_away' AS what, COALESCE(SUM(events), 0) AS how_many
FROM event_days
WHERE seen = 1 AND at_risk = 0
UNION ALL
SELECT 'counted' AS what, COALESCE(SUM(events), 0) AS how_many FROM event_days WHERE at_risk = 1
UNION ALL
SELECT 'days_followed' AS what, COALESCE(SUM(last_day), 0) AS how_many FROM followed
UNION ALL
SELECT 'days_removed' AS what, COALESCE(SUM(last_off - first_off + 1), 0) AS how_many FROM absences
UNION ALL
SELECT 'days_before_entry' AS what, COALESCE(SUM(LEAST(first_day - 1, last_day)), 0) AS how_many
FROM followed
UNION ALL
SELECT 'children_entered_late' AS what, COUNT(*) AS how_many FROM followed WHERE first_day > 1
UNION ALL
SELECT 'children_not_followed' AS what, COUNT(*) AS how_many
FROM cohort
LEFT JOIN followed ON cohort.child_key = followed.child_key
WHERE followed.child_key IS NULL
UNION ALL
SELECT 'children_never_at_risk' AS what, COUNT(*) AS how_many
FROM followed
LEFT JOIN (SELECT DISTINCT child_key FROM intervals) AS seen
    ON followed.child_key = seen.child_key
WHERE seen.child_key IS NULL
