-- intervals: one row per child between two changes of state, in (start, stop].
--
-- Reads   followed, absences, event_days
-- Gives   child_key, arm, start, stop, events (begun on day stop), ended_by

WITH edges AS (
    SELECT child_key, 0 AS last_off, CAST(NULL AS INTEGER) AS first_off
    FROM followed
    UNION ALL
    SELECT child_key, last_off, first_off
    FROM absences
),

-- A span of days at risk runs from the end of one absence to the beginning of the next. An
-- event on a day that is not at risk falls in no span.
between_absences AS (
    SELECT
        child_key,
        last_off AS span,
        LEAD(first_off) OVER (PARTITION BY child_key ORDER BY last_off) - 1 AS next_off
    FROM edges
),

spans AS (
    SELECT
        followed.child_key,
        between_absences.span,
        COALESCE(between_absences.next_off, followed.last_day) AS span_end
    FROM followed
    INNER JOIN between_absences ON followed.child_key = between_absences.child_key
    WHERE between_absences.span < COALESCE(between_absences.next_off, followed.last_day)
),

stops AS (
    SELECT child_key, span, span_end AS stop, 0 AS events
    FROM spans
    UNION ALL
    SELECT spans.child_key, spans.span, event_days.day AS stop, event_days.events
    FROM spans
    INNER JOIN event_days
        ON spans.child_key = event_days.child_key
        AND event_days.day > spans.span
        AND event_days.day <= spans.span_end
),

states AS (
    SELECT child_key, span, stop, SUM(events) AS events
    FROM stops
    GROUP BY child_key, span, stop
)

SELECT
    states.child_key,
    followed.arm,
    COALESCE(
        LAG(states.stop) OVER (PARTITION BY states.child_key, states.span ORDER BY states.stop),
        states.span
    ) AS start,
    states.stop,
    states.events,
    CASE
        WHEN states.stop = followed.last_day THEN followed.ended_by
        WHEN states.events > 0 THEN 'event'
        ELSE 'not_at_risk'
    END AS ended_by
FROM states
INNER JOIN followed ON states.child_key = followed.child_key
