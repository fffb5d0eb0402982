-- What became of referrals: stages, waits, endings, caseload, groups; bands before and after; sessions.

CREATE TABLE referrals AS
SELECT 'st_giles' AS service, * FROM f_st_giles_referrals
UNION ALL BY NAME SELECT 'positive_futures' AS service, * FROM f_positive_futures_referrals;

CREATE TABLE last_told AS
SELECT * FROM referrals AS r
WHERE quarter = (SELECT MAX(o.quarter) FROM referrals AS o
                 WHERE (o.service, o.provider, o.referral_ref) = (r.service, r.provider, r.referral_ref));

-- A referral in the unbroken run of returns, with the days on which it came into view and left it.
CREATE TABLE in_view AS
SELECT r.*, CASE WHEN decision = 'declined' THEN decided_on ELSE closed_on END AS ended_on,
       CASE WHEN first_session_on IS NULL OR first_contact_on <= first_session_on THEN first_contact_on
            ELSE first_session_on END AS reached_on,
       (SELECT MIN(began(o.quarter)) FROM referrals AS o
        WHERE (o.service, o.provider, o.referral_ref) = (r.service, r.provider, r.referral_ref)
          AND o.quarter >= run_from(r.service || '_referrals'))::DATE AS view_from,
       ended(r.quarter) AS view_to
FROM last_told AS r
WHERE r.quarter >= run_from(r.service || '_referrals');

-- Each child once, by its first referral of the year.
CREATE TABLE of_the_year AS
SELECT DISTINCT ON (service, child_key) * FROM last_told
WHERE referred_on >= DATE '2024-04-01' ORDER BY service, child_key, referred_on, provider, referral_ref;

CREATE TABLE viewed_of_the_year AS
SELECT DISTINCT ON (service, child_key) * FROM in_view
WHERE referred_on >= DATE '2024-04-01' ORDER BY service, child_key, referred_on, provider, referral_ref;

CREATE TABLE begun AS
SELECT DISTINCT ON (service, child_key) * FROM in_view
WHERE first_session_on IS NOT NULL ORDER BY service, child_key, referred_on, provider, referral_ref;

-- Spells: what is waited for, how it ended ('open' where it had not), on which day, in view after which.
CREATE TABLE spells AS
WITH awaited AS (
    SELECT service, 'decision' AS what, child_key, referred_on AS day_0, decided_on AS came, ended_on AS over,
           view_from, view_to FROM viewed_of_the_year
    UNION ALL SELECT service, 'first_contact', child_key, referred_on, reached_on, ended_on, view_from, view_to
    FROM viewed_of_the_year
    UNION ALL SELECT service, 'first_session', child_key, referred_on, first_session_on, ended_on, view_from, view_to
    FROM viewed_of_the_year),
laid AS (
    SELECT service, what, child_key, view_from - 1 - day_0 AS before_view,
           CASE WHEN came IS NOT NULL AND (over IS NULL OR came <= over) THEN what
                WHEN over IS NOT NULL THEN 'ended_first' ELSE 'open' END AS kind,
           CASE WHEN came IS NOT NULL AND (over IS NULL OR came <= over) THEN came
                WHEN over IS NOT NULL THEN over ELSE view_to END - day_0 AS days
    FROM awaited
    UNION ALL
    SELECT service, 'ending', child_key, view_from - 1 - first_session_on,
           CASE WHEN closed_on IS NULL THEN 'open' WHEN closure_reason IN ('planned', 'disengaged')
                THEN closure_reason ELSE 'other' END,
           COALESCE(closed_on, view_to) - first_session_on
    FROM begun)
SELECT service, what, child_key, kind, days, GREATEST(before_view, -1) AS entry
FROM laid WHERE days > GREATEST(before_view, -1);

-- The share that had ended in each way by each day on which any did (Aalen and Johansen, by hand).
CREATE TABLE falls AS
SELECT service, what, t.days,
       (SELECT COUNT(*) FROM spells AS s WHERE (s.service, s.what) = (t.service, t.what)
          AND s.entry < t.days AND s.days >= t.days) AS at_risk,
       COUNT(*) FILTER (WHERE kind <> 'open') AS ended
FROM spells AS t GROUP BY service, what, t.days HAVING COUNT(*) FILTER (WHERE kind <> 'open') > 0;

CREATE TABLE incidence AS
WITH left_before AS (
    SELECT *, COALESCE((SELECT product(1 - u.ended / u.at_risk) FROM falls AS u
                        WHERE (u.service, u.what) = (f.service, f.what) AND u.days < f.days), 1) AS still
    FROM falls AS f)
SELECT l.service, l.what, s.kind, l.days, COUNT(*) AS ended, any_value(l.still) * COUNT(*) / any_value(l.at_risk) AS step
FROM left_before AS l JOIN spells AS s USING (service, what, days)
WHERE s.kind <> 'open' GROUP BY l.service, l.what, s.kind, l.days;

-- ---- Who was reached within 90 days, of referrals in view from their first day ------------------

CREATE TABLE reached AS
WITH first AS (
    SELECT DISTINCT ON (service, child_key) * FROM in_view
    WHERE referred_on >= view_from
      AND referred_on >= began(GREATEST('2023Q1', run_from(service || '_referrals')))
    ORDER BY service, child_key, referred_on, provider, referral_ref)
SELECT *, COALESCE(first_session_on <= referred_on + 90, FALSE) AS had,
       referred_on + 90 <= view_to OR ended_on IS NOT NULL AS known
FROM first WHERE referred_on + 90 <= DATE '2025-03-31';

-- ---- The caseload: every referral of each return, and what became of those open before -----------

CREATE TABLE caseload AS
SELECT service, quarter, referral_ref, child_key,
       decision = 'waiting' OR (decision = 'accepted' AND closed_on IS NULL) AS is_open,
       referred_on BETWEEN began(quarter) AND ended(quarter) AS came_in,
       decision = 'declined' AND COALESCE(decided_on BETWEEN began(quarter) AND ended(quarter), FALSE) AS refused,
       decision = 'accepted' AND COALESCE(closed_on BETWEEN began(quarter) AND ended(quarter), FALSE) AS shut
FROM referrals;

CREATE TABLE moves AS
SELECT n.*, EXISTS (
           SELECT 1 FROM caseload AS b WHERE (b.service, b.referral_ref) = (n.service, n.referral_ref)
             AND b.is_open AND ended(b.quarter) + 1 = began(n.quarter)) AS was_open,
       EXISTS (SELECT 1 FROM said AS s WHERE s.form = n.service || '_referrals'
                 AND ended(s.quarter) + 1 = began(n.quarter)) AS told_before
FROM caseload AS n;

CREATE TABLE vanished AS
SELECT b.service, s.quarter, b.referral_ref FROM caseload AS b
JOIN said AS s ON s.form = b.service || '_referrals' AND began(s.quarter) = ended(b.quarter) + 1
WHERE b.is_open AND NOT EXISTS (
    SELECT 1 FROM caseload AS n WHERE (n.service, n.referral_ref, n.quarter) = (b.service, b.referral_ref, s.quarter));

-- ---- Exploitation bands at referral and at closure, by the same tool, version and strand ---------

CREATE TABLE assessed AS
SELECT * FROM f_exploitation_assessments AS a
WHERE quarter = (SELECT MAX(o.quarter) FROM f_exploitation_assessments AS o
                 WHERE (o.provider, o.assessment_ref) = (a.provider, a.assessment_ref));

CREATE TABLE closed AS
SELECT *, referred_on >= began(run_from('exploitation_assessments'))::DATE + 92 AS can_tell
FROM (SELECT DISTINCT ON (service, child_key) * FROM in_view
      WHERE decision = 'accepted' AND closed_on BETWEEN DATE '2023-04-01' AND DATE '2025-03-31' - 28
      ORDER BY service, child_key, referred_on, provider, referral_ref);

CREATE TABLE first_band AS
SELECT DISTINCT ON (c.service, c.child_key) c.service, c.child_key, c.closed_on, a.band, a.assessed_on,
       a.tool, a.tool_version, a.strand
FROM closed AS c JOIN assessed AS a ON a.child_key = c.child_key
     AND a.assessed_on BETWEEN c.referred_on - 92 AND c.referred_on + 14
WHERE c.can_tell
ORDER BY c.service, c.child_key, ABS(a.assessed_on - c.referred_on), a.assessed_on,
         list_position(['ceat', 'seraf', 'other'], a.tool),
         list_position(['sexual', 'criminal', 'combined'], a.strand), a.assessment_ref;

CREATE TABLE banded AS
SELECT DISTINCT ON (b.service, b.child_key) b.service, b.child_key, b.band AS before, a.band AS after
FROM first_band AS b LEFT JOIN assessed AS a ON a.child_key = b.child_key AND a.tool = b.tool
     AND a.tool_version IS NOT DISTINCT FROM b.tool_version AND a.strand IS NOT DISTINCT FROM b.strand
     AND a.assessed_on > b.assessed_on AND a.assessed_on BETWEEN b.closed_on - 92 AND b.closed_on + 28
ORDER BY b.service, b.child_key, a.assessed_on DESC, a.assessment_ref DESC;

-- ---- Open access, which is of no child; return interviews ----------------------------------------

CREATE TABLE held AS
SELECT *, cancelled IS NOT DISTINCT FROM 'yes' AS off FROM f_positive_futures_sessions AS s
WHERE quarter = (SELECT MAX(o.quarter) FROM f_positive_futures_sessions AS o
                 WHERE (o.provider, o.session_ref) = (s.provider, s.session_ref));

CREATE TABLE interviews AS
SELECT quarter_of(returned_on) AS came_back, child_key,
       COALESCE(interview IN ('offered', 'declined', 'done'), FALSE) AS offered,
       COALESCE(interview = 'done', FALSE) AS done,
       COALESCE(interview = 'done' AND epoch(interview_at) - epoch(returned_at) <= 72 * 3600, FALSE) AS in_time
FROM f_missing_episodes AS e
WHERE quarter = (SELECT MAX(o.quarter) FROM f_missing_episodes AS o
                 WHERE (o.provider, o.episode_ref) = (e.provider, e.episode_ref))
  AND returned_on IS NOT NULL AND interview IS DISTINCT FROM 'not_due';
