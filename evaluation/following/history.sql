-- history: one row per child, moment and length of looking back.
--
-- Reads   merged_events, moments(child_key, on_day), lookbacks(lookback_days)
-- Gives   child_key, on_day, lookback_days, episodes (begun in the days on_day - lookback_days
--         to on_day - 1), days_since_last and last_ref (of all before on_day)

WITH before AS (
    SELECT
        moments.child_key,
        moments.on_day,
        merged_events.event_ref,
        unix_date(moments.on_day) - unix_date(merged_events.started_on) AS days_ago,
        ROW_NUMBER() OVER (
            PARTITION BY moments.child_key, moments.on_day
            ORDER BY merged_events.started_at DESC, merged_events.event_ref DESC
        ) AS recency
    FROM moments
    INNER JOIN merged_events
        ON moments.child_key = merged_events.child_key
        AND merged_events.started_on < moments.on_day
)

SELECT
    moments.child_key,
    moments.on_day,
    lookbacks.lookback_days,
    SUM(CASE WHEN before.days_ago <= lookbacks.lookback_days THEN 1 ELSE 0 END) AS episodes,
    MIN(before.days_ago) AS days_since_last,
    MIN(CASE WHEN before.recency = 1 THEN before.event_ref END) AS last_ref
FROM moments
CROSS JOIN lookbacks
LEFT JOIN before
    ON moments.child_key = before.child_key
    AND moments.on_day = before.on_day
GROUP BY moments.child_key, moments.on_day, lookbacks.lookback_days
