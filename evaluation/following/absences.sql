-- absences: one row per run of whole days on which a child was not at risk.
--
-- Reads   followed, merged_events, away(child_key, from_on, to_on)
-- Gives   child_key, first_off, last_off (days since time zero, both included)
--
-- Of an absence from day a to day b the days a+1 to b-1 were whole ones: on day a the child
-- was still there to go, and on day b was back. An absence that is not over lasts to the end
-- of follow-up. The days before a child came under observation are an absence too.

WITH spells AS (
    SELECT child_key, unix_date(started_on) AS began, unix_date(ended_on) AS ended
    FROM merged_events
    UNION ALL
    SELECT child_key, unix_date(from_on) AS began, unix_date(to_on) AS ended
    FROM away
),

whole_days AS (
    SELECT
        followed.child_key,
        GREATEST(spells.began - followed.zero + 1, 1) AS first_off,
        LEAST(
            COALESCE(spells.ended - followed.zero - 1, followed.last_day),
            followed.last_day
        ) AS last_off
    FROM followed
    INNER JOIN spells ON followed.child_key = spells.child_key
    UNION ALL
    SELECT child_key, 1 AS first_off, LEAST(first_day - 1, last_day) AS last_off
    FROM followed
),

reached AS (
    SELECT
        child_key,
        first_off,
        last_off,
        MAX(last_off) OVER (
            PARTITION BY child_key
            ORDER BY first_off, last_off
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
    FROM whole_days
    WHERE first_off <= last_off
),

-- Rows that tie in this order are equal in every column, so the numbers do not depend on them.
numbered AS (
    SELECT
        child_key,
        first_off,
        last_off,
        SUM(CASE WHEN reached IS NULL OR first_off > reached + 1 THEN 1 ELSE 0 END) OVER (
            PARTITION BY child_key
            ORDER BY first_off, last_off
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS number
    FROM reached
)

SELECT child_key, MIN(first_off) AS first_off, MAX(last_off) AS last_off
FROM numbered
GROUP BY child_key, number
