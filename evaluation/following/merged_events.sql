-- merged_events: one row per unbroken episode of one child.
--
-- Reads   events(child_key, event_ref, started_on, ended_on, started_at, ended_at)
-- Gives   child_key, event_ref (of the first), started_at, started_on, ended_on (NULL: not
--         over), episodes (how many became this one), unclosed (of those, closed by the next report)
--
-- Two episodes of a child overlap where one begins before the other has ended. One that
-- never ended, though the child was reported missing again later, is taken to have ended
-- then: nobody is reported missing twice without having been back.

WITH reports AS (
    SELECT child_key, started_at, MIN(started_on) AS started_on
    FROM events
    GROUP BY child_key, started_at
),

next_reports AS (
    SELECT
        child_key,
        started_at,
        LEAD(started_at) OVER (PARTITION BY child_key ORDER BY started_at) AS next_at,
        LEAD(started_on) OVER (PARTITION BY child_key ORDER BY started_at) AS next_on
    FROM reports
),

-- 'until' is never NULL, so that engines which sort NULLs differently agree.
closed AS (
    SELECT
        events.child_key,
        events.event_ref,
        events.started_on,
        events.started_at,
        COALESCE(events.ended_at, next_reports.next_at, TIMESTAMP '9999-12-31 00:00:00') AS until_at,
        COALESCE(events.ended_on, next_reports.next_on, DATE '9999-12-31') AS until_on,
        CASE
            WHEN events.ended_at IS NULL AND next_reports.next_at IS NOT NULL THEN 1
            ELSE 0
        END AS unclosed
    FROM events
    INNER JOIN next_reports
        ON events.child_key = next_reports.child_key
        AND events.started_at = next_reports.started_at
),

reached AS (
    SELECT
        *,
        MAX(until_at) OVER (
            PARTITION BY child_key
            ORDER BY started_at, until_at, event_ref
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_at
    FROM closed
),

flagged AS (
    SELECT
        *,
        CASE WHEN reached_at IS NULL OR started_at >= reached_at THEN 1 ELSE 0 END AS is_first
    FROM reached
),

numbered AS (
    SELECT
        *,
        SUM(is_first) OVER (
            PARTITION BY child_key
            ORDER BY started_at, until_at, event_ref
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS number
    FROM flagged
)

SELECT
    child_key,
    MIN(CASE WHEN is_first = 1 THEN event_ref END) AS event_ref,
    MIN(started_at) AS started_at,
    MIN(started_on) AS started_on,
    NULLIF(MAX(until_on), DATE '9999-12-31') AS ended_on,
    COUNT(*) AS episodes,
    SUM(unclosed) AS unclosed
FROM numbered
GROUP BY child_key, number
