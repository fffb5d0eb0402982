-- One full quarter once more, from the store's Parquet files and nothing of ours: written from
-- forms.yaml and docs/decisions/0001, 0002 and 0005 by a plainer road. Time is laid out day by
-- day, and what overlaps is asked of every pair of episodes, where the toolkit goes by intervals.
--
-- This file: quarters, and what the others share.
--
-- Reads   said(form, provider, quarter): every return in force; f_<form>: their rows;
--         asked(quarter, window_days, trigger_episodes, trigger_days, history_days, age_limit)
-- Quarters are written '2024Q4': that one began on 1 January 2025.

CREATE MACRO began(q) AS make_date(q[1:4]::INT, 4, 1) + to_months(3 * (q[6:6]::INT - 1)::INT);
CREATE MACRO ended(q) AS CAST(began(q) + INTERVAL 3 MONTH - INTERVAL 1 DAY AS DATE);
CREATE MACRO quarter_of(d) AS
    CAST(year(d - INTERVAL 3 MONTH) AS VARCHAR) || 'Q' || CAST(quarter(d - INTERVAL 3 MONTH) AS VARCHAR);

-- The last day of the unbroken run of returns of a form that holds a quarter.
CREATE MACRO run_to(name, q) AS (
    SELECT MAX(ended(s.quarter)) FROM said AS s
    WHERE s.form = name AND s.quarter >= q
      AND NOT EXISTS (
          SELECT 1 FROM generate_series(0, 60) AS n(i)
          WHERE began(q) + to_months(3 * i::INT) <= began(s.quarter)
            AND quarter_of(began(q) + to_months(3 * i::INT))
                NOT IN (SELECT t.quarter FROM said AS t WHERE t.form = name))
      AND q IN (SELECT t.quarter FROM said AS t WHERE t.form = name)
);

-- The first quarter of the unbroken run of returns of a form that ends with the quarter asked for.
CREATE MACRO run_from(name) AS (
    SELECT MIN(s.quarter) FROM said AS s, asked
    WHERE s.form = name
      AND NOT EXISTS (
          SELECT 1 FROM generate_series(0, 60) AS n(i)
          WHERE began(s.quarter) + to_months(3 * i::INT) <= began(asked.quarter)
            AND quarter_of(began(s.quarter) + to_months(3 * i::INT))
                NOT IN (SELECT t.quarter FROM said AS t WHERE t.form = name))
);
