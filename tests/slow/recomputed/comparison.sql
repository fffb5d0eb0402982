-- The comparison of children referred with others: who, from when to when, day by day.

-- ---- Episodes: as last told; one without an end lasts until the child is reported again ---------

CREATE TABLE told AS
SELECT provider || '/' || episode_ref AS ref, child_key, reported_at AS a, reported_on AS day_a,
       returned_at AS b, returned_on AS day_b
FROM f_missing_episodes AS e
WHERE quarter = (SELECT MAX(quarter) FROM f_missing_episodes AS o
                 WHERE o.provider = e.provider AND o.episode_ref = e.episode_ref);

CREATE TABLE lasting AS
SELECT e.ref, e.child_key, e.a, e.day_a,
       COALESCE(e.b, (SELECT MIN(n.a) FROM told n WHERE n.child_key = e.child_key AND n.a > e.a),
                TIMESTAMPTZ '9999-01-01 00:00:00+00') AS b,
       COALESCE(e.day_b, (SELECT arg_min(n.day_a, n.a) FROM told n
                          WHERE n.child_key = e.child_key AND n.a > e.a), DATE '9999-01-01') AS day_b
FROM told AS e;

-- An episode begins an absence of its own unless an earlier one was not yet over.
CREATE TABLE firsts AS
SELECT e.* FROM lasting AS e
WHERE NOT EXISTS (
    SELECT 1 FROM lasting AS o
    WHERE o.child_key = e.child_key AND o.b > e.a
      AND (o.a < e.a OR (o.a = e.a AND (o.b < e.b OR (o.b = e.b AND o.ref < e.ref)))));

CREATE TABLE absent AS
SELECT f.child_key, f.day_a AS first_day,
       (SELECT MAX(e.day_b) FROM lasting AS e
        WHERE e.child_key = f.child_key AND e.a >= f.a
          AND e.a < COALESCE((SELECT MIN(n.a) FROM firsts AS n
                              WHERE n.child_key = f.child_key AND n.a > f.a),
                             TIMESTAMPTZ '9999-01-01 00:00:00+00')) AS last_day
FROM firsts AS f
UNION ALL
SELECT child_key, from_on,
       COALESCE(to_on,
                CASE WHEN EXISTS (SELECT 1 FROM said AS s WHERE s.form = 'away_spells'
                                    AND s.provider = w.provider AND began(s.quarter) = ended(w.quarter) + 1)
                     THEN ended(w.quarter) END,
                DATE '9999-01-01')
FROM f_away_spells AS w
WHERE quarter = (SELECT MAX(quarter) FROM f_away_spells AS o
                 WHERE (o.provider, o.child_key, o.from_on) = (w.provider, w.child_key, w.from_on));

-- ---- The cohort ---------------------------------------------------------------------------------

CREATE TABLE met AS
SELECT child_key, met_on,
       bool_or(decision = 'refer_st_giles') AS referred,
       bool_or(decision IN ('refer_other', 'refer_positive_futures')) AS elsewhere,
       (SELECT COUNT(*) FROM firsts AS f, asked
        WHERE f.child_key = d.child_key AND f.day_a < d.met_on
          AND f.day_a >= d.met_on - asked.trigger_days) AS recent
FROM f_meeting_decisions AS d
GROUP BY child_key, met_on;

CREATE TABLE started AS
SELECT DISTINCT d.child_key, z.met_on AS zero, z.referred, z.elsewhere
FROM f_meeting_decisions AS d
LEFT JOIN met AS z ON z.child_key = d.child_key AND z.met_on = (
    SELECT MIN(m.met_on) FROM met AS m, asked
    WHERE m.child_key = d.child_key AND m.recent >= asked.trigger_episodes);

-- What was known then: the newest children return of a quarter that had ended, else the first.
CREATE TABLE known AS
SELECT s.*, c.birth_month, c.history_from, c.quarter AS known_in
FROM started AS s
LEFT JOIN f_children AS c ON c.child_key = s.child_key AND c.quarter = COALESCE(
    (SELECT MAX(o.quarter) FROM f_children AS o WHERE o.child_key = s.child_key AND ended(o.quarter) < s.zero),
    (SELECT MIN(o.quarter) FROM f_children AS o WHERE o.child_key = s.child_key));

CREATE TABLE bounded AS
SELECT k.*,
       last_day(k.birth_month + to_years(asked.age_limit::INT)) AS birthday_month_ends,
       run_to('missing_episodes', GREATEST(quarter_of(k.zero),
           (SELECT MIN(s.quarter) FROM said AS s WHERE s.form = 'missing_episodes'))) AS data_end,
       (SELECT MIN(c.followed_to) FROM f_children AS c
        WHERE c.child_key = k.child_key AND c.followed_to IS NOT NULL
          AND (c.followed_to >= k.zero
               OR c.quarter = (SELECT MAX(o.quarter) FROM f_children AS o WHERE o.child_key = k.child_key))
       ) AS gone_from
FROM known AS k, asked;

CREATE TABLE judged AS
SELECT b.*,
       CASE WHEN data_end IS NOT NULL
            THEN LEAST(data_end, COALESCE(birthday_month_ends, data_end), COALESCE(gone_from - 1, data_end))
       END AS last_seen,
       CASE
           WHEN zero IS NULL THEN 'never_met_trigger'
           WHEN birthday_month_ends IS NULL OR zero > birthday_month_ends THEN 'not_a_child'
           WHEN EXISTS (SELECT 1 FROM f_st_giles_referrals AS r WHERE r.child_key = b.child_key AND r.referred_on < zero)
             OR EXISTS (SELECT 1 FROM f_meeting_decisions AS m WHERE m.child_key = b.child_key
                          AND ((m.decision = 'refer_st_giles' AND m.met_on < zero)
                               OR (m.decision = 'already_supported' AND m.met_on <= zero)))
               THEN 'already_referred'
           WHEN elsewhere THEN 'referred_elsewhere'
           WHEN history_from IS NULL OR history_from > zero - asked.history_days
             OR EXISTS (
                 SELECT 1 FROM generate_series(1, asked.history_days) AS n(i)
                 WHERE quarter_of(zero - i::INT) > (SELECT MIN(s.quarter) FROM said AS s WHERE s.form = 'missing_episodes')
                   AND quarter_of(zero - i::INT) NOT IN (SELECT s.quarter FROM said AS s WHERE s.form = 'missing_episodes'))
               THEN 'short_history'
           WHEN last_seen IS NULL OR last_seen <= zero THEN 'no_follow_up'
           WHEN referred THEN 'referred'
           ELSE 'not_referred'
       END AS outcome
FROM bounded AS b, asked;

CREATE TABLE compared AS
SELECT child_key, zero, data_end, last_seen, outcome AS arm
FROM judged WHERE outcome IN ('referred', 'not_referred');

-- ---- Every child on every day of its window ------------------------------------------------------

CREATE TABLE lived AS
SELECT c.child_key, c.arm, i::INT AS day,
       NOT EXISTS (SELECT 1 FROM absent AS x WHERE x.child_key = c.child_key
                     AND c.zero + i::INT > x.first_day AND c.zero + i::INT < x.last_day) AS at_risk,
       (SELECT COUNT(*) FROM firsts AS f WHERE f.child_key = c.child_key AND f.day_a = c.zero + i::INT) AS began_then
FROM compared AS c, asked, generate_series(1, asked.window_days) AS n(i)
WHERE c.zero + asked.window_days <= c.data_end AND c.zero + i::INT <= c.last_seen;
