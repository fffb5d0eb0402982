-- Op Encompass: when each school next opened after an incident, and whether it had been told by then.

CREATE TABLE bank_holidays AS SELECT unnest([
    DATE '2023-04-07', '2023-04-10', '2023-05-01', '2023-05-08', '2023-05-29', '2023-08-28', '2023-12-25',
    '2023-12-26', '2024-01-01', '2024-03-29', '2024-04-01', '2024-05-06', '2024-05-27', '2024-08-26',
    '2024-12-25', '2024-12-26', '2025-01-01']) AS day;

CREATE TABLE weekdays AS
SELECT day::DATE AS day FROM generate_series(DATE '2023-04-01', DATE '2025-03-31', INTERVAL 1 DAY) AS n(day)
WHERE isodow(day) <= 5 AND day::DATE NOT IN (SELECT day FROM bank_holidays);

CREATE TABLE runs AS
SELECT provider, school_ref, from_on::DATE AS from_on, to_on::DATE AS to_on FROM f_school_closures AS c
WHERE quarter = (SELECT MAX(o.quarter) FROM f_school_closures AS o
                 WHERE (o.provider, o.school_ref, o.from_on) = (c.provider, c.school_ref, c.from_on));

-- The academic years, by the year in which they began, and the quarters of which a school's days are known.
CREATE MACRO academic(d) AS year(d) - CASE WHEN month(d) < 9 THEN 1 ELSE 0 END;
CREATE TABLE years_told AS SELECT DISTINCT school_ref, academic(from_on) AS began_in FROM runs;
CREATE TABLE quarters_told AS
SELECT DISTINCT school_ref, quarter_of(from_on + i::INT) AS quarter
FROM runs, generate_series(0, 400) AS n(i) WHERE from_on + i::INT <= to_on
UNION SELECT DISTINCT r.school_ref, s.quarter FROM runs AS r
JOIN said AS s ON s.form = 'school_closures' AND s.provider = r.provider;

CREATE TABLE incident AS
SELECT *, timezone('Europe/London', incident_at) AS local_time
FROM f_op_encompass_incidents AS e
WHERE quarter = (SELECT MAX(o.quarter) FROM f_op_encompass_incidents AS o
                 WHERE (o.provider, o.incident_ref, o.child_key) = (e.provider, e.incident_ref, e.child_key));

CREATE TABLE awaiting AS
SELECT i.*, i.local_time::DATE AS day,
       CASE WHEN i.local_time::TIME >= TIME '08:45' THEN i.local_time::DATE + 1 ELSE i.local_time::DATE END AS first_day
FROM incident AS i;

CREATE TABLE opened AS
SELECT a.*,
       (SELECT MIN(w.day) FROM weekdays AS w WHERE w.day >= a.first_day) AS counts_from,
       (SELECT MIN(w.day) FROM weekdays AS w WHERE w.day >= a.first_day AND NOT EXISTS (
            SELECT 1 FROM runs AS r WHERE r.school_ref = a.school_ref AND w.day BETWEEN r.from_on AND r.to_on)
       ) AS opens_on
FROM awaiting AS a;

CREATE TABLE notified AS
SELECT o.*,
       timezone('Europe/London', o.opens_on + TIME '08:45') AS opens_at,
       CASE
           WHEN outcome = 'not_due' THEN 'not_due'
           WHEN outcome = 'authority' THEN 'authority'
           WHEN outcome = 'no_school' OR school_ref IS NULL THEN 'no_school'
           WHEN NOT EXISTS (SELECT 1 FROM runs AS r WHERE r.school_ref = o.school_ref) THEN 'unknown_calendar'
           WHEN counts_from IS NOT NULL AND EXISTS (
               SELECT 1 FROM generate_series(0, 400) AS n(i)
               WHERE counts_from + i::INT <= COALESCE(opens_on, DATE '2025-03-31')
                 AND (NOT EXISTS (SELECT 1 FROM years_told AS y WHERE y.school_ref = o.school_ref
                                    AND y.began_in = academic(counts_from + i::INT))
                      OR NOT EXISTS (SELECT 1 FROM quarters_told AS q WHERE q.school_ref = o.school_ref
                                       AND q.quarter = quarter_of(counts_from + i::INT))))
               THEN 'unknown_calendar'
           WHEN opens_on IS NULL THEN 'not_open_yet'
           ELSE 'judged'
       END AS state,
       epoch(notified_at) - epoch(incident_at) AS seconds,
       epoch(timezone('Europe/London', (ended(quarter) + 1)::TIMESTAMP)) - epoch(incident_at) AS followed
FROM opened AS o;

CREATE TABLE of_the_year_due AS
SELECT *, state = 'judged' AND outcome = 'notified' AND notified_at < opens_at AS in_time,
       outcome IN ('notified', 'authority') AND seconds <= followed AS was_told
FROM notified WHERE day BETWEEN DATE '2024-04-01' AND DATE '2025-03-31';

-- Hours until anybody was told, of all that were due (Kaplan and Meier, by hand).
CREATE TABLE clock AS
SELECT CASE WHEN was_told THEN seconds ELSE followed END AS stops, was_told
FROM of_the_year_due WHERE state <> 'not_due' AND followed >= 0;

CREATE TABLE untold AS
SELECT t.stops, COUNT(*) FILTER (WHERE t.was_told) AS told,
       (SELECT COUNT(*) FROM clock AS c WHERE c.stops >= t.stops) AS waiting
FROM clock AS t GROUP BY t.stops;
