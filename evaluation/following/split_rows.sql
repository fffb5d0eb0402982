-- split_rows: one row per row of time at risk between two changes of a child's state.
--
-- Reads   at_risk(row_number, child_key, start, stop), states(child_key, day, value)
-- Gives   row_number (of the row that it is a piece of), start, stop, is_last (1: the piece that
--         ends where the row did), value (the state throughout it; NULL before the first change)
--
-- A change on day d holds from the end of that day: the row (3, 9] with a change on day 5
-- becomes (3, 5] and (5, 9]. A change on a day that no row holds splits nothing, and tells the
-- state of what comes after it.

WITH edges AS (
    SELECT row_number, child_key, start, stop
    FROM at_risk
    UNION ALL
    SELECT at_risk.row_number, at_risk.child_key, states.day AS start, at_risk.stop
    FROM at_risk
    INNER JOIN states
        ON at_risk.child_key = states.child_key
        AND states.day > at_risk.start
        AND states.day < at_risk.stop
),

pieces AS (
    SELECT
        row_number,
        child_key,
        start,
        COALESCE(
            LEAD(start) OVER (PARTITION BY row_number ORDER BY start),
            stop
        ) AS stop,
        CASE
            WHEN LEAD(start) OVER (PARTITION BY row_number ORDER BY start) IS NULL THEN 1
            ELSE 0
        END AS is_last
    FROM edges
),

in_force AS (
    SELECT pieces.row_number, pieces.start, MAX(states.day) AS since
    FROM pieces
    INNER JOIN states ON pieces.child_key = states.child_key AND states.day <= pieces.start
    GROUP BY pieces.row_number, pieces.start
)

SELECT pieces.row_number, pieces.start, pieces.stop, pieces.is_last, states.value
FROM pieces
LEFT JOIN in_force
    ON pieces.row_number = in_force.row_number
    AND pieces.start = in_force.start
LEFT JOIN states
    ON pieces.child_key = states.child_key
    AND in_force.since = states.day
