"""The comparison of one full quarter, once more in plain SQL that shares no code with the toolkit.

The SQL stands beside this file and reads the store's own files, by the ledger's word alone.
"""

from dataclasses import replace

import pytest

from analyses.cohorts import discussed
from analyses.exporting import exported_tables
from analyses.outcomes import OUTCOMES
from analyses.plan import read_plan
from analyses.quarterly import monitoring, re_missing
from analyses.time_away import time_away
from evaluation.following import follow

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def figures(snapshot):
    """The quarter's figures before release; few draws, for none of these is drawn."""
    plan = replace(read_plan(), bootstrap_replicates=19)
    cohort = discussed(snapshot, plan)
    at_risk = follow(cohort, OUTCOMES[plan.outcome], snapshot, away=time_away(snapshot))
    told = [
        *monitoring.before_after(cohort, at_risk),
        *re_missing.figures(cohort, at_risk, snapshot, plan),
    ]
    return {(f.section, f.measure, f.group, f.days): f for f in told}


def test_the_flow_of_the_cohort_and_its_arms(sql, figures):
    mine = dict(sql("SELECT outcome, COUNT(*) FROM judged GROUP BY outcome"))
    theirs = {
        group: f.children for (_, measure, group, _), f in figures.items() if measure == "flow"
    }
    assert theirs.pop("discussed") == sum(mine.values()) > 300
    assert theirs == {reason: mine.get(reason, 0) for reason in theirs}
    assert set(mine) <= set(theirs)
    assert min(mine["referred"], mine["not_referred"]) > 60


def test_each_childs_arm_day_0_and_last_day(sql, snapshot):
    cohort = exported_tables(snapshot, read_plan())["cohort"]
    theirs = [
        (row.child_key, row.arm, row.time_zero.date(), row.followed_to.date(), row.data_end.date())
        for row in cohort.itertuples()
    ]
    mine = sql("""SELECT child_key, arm, CAST(zero AS DATE), CAST(last_seen AS DATE), CAST(data_end AS DATE)
        FROM compared ORDER BY child_key""")
    assert mine == theirs


def test_events_and_days_at_risk_of_each_child_in_the_window(sql, snapshot):
    rows = exported_tables(snapshot, read_plan())["windowed"]
    rows = rows[(rows["window_days"] == 182) & (rows["complete"] == 1)]
    theirs = [
        (row.child_key, row.days_at_risk, row.events, row.followed_days)
        for row in rows.itertuples()
    ]
    mine = sql(
        """SELECT child_key, SUM(at_risk::INT), SUM(CASE WHEN at_risk THEN began_then ELSE 0 END), COUNT(*)
        FROM lived GROUP BY child_key ORDER BY child_key"""
    )
    assert [tuple(map(int, row[1:])) for row in mine] == [
        tuple(map(int, row[1:])) for row in theirs
    ]
    assert [row[0] for row in mine] == [row[0] for row in theirs]


def test_events_days_and_crude_rates_of_the_arms(sql, figures):
    mine = {
        arm: (children, int(days), int(events), int(had), followed)
        for arm, children, days, events, had, followed in sql(
            """SELECT arm, COUNT(*), SUM(days), SUM(events), COUNT(*) FILTER (WHERE events > 0), SUM(followed)
            FROM (SELECT child_key, arm, SUM(at_risk::INT) AS days, COUNT(*) AS followed,
                         SUM(CASE WHEN at_risk THEN began_then ELSE 0 END) AS events
                  FROM lived GROUP BY child_key, arm) GROUP BY arm"""
        )
    }
    for arm, (children, days, events, had, followed) in mine.items():
        rate = figures["re_missing", "episodes_per_100_child_days", arm, 182]
        assert (rate.children, rate.events, rate.with_events) == (children, events, had)
        away = figures["re_missing", "days_not_at_risk", arm, 182]
        assert away.value == pytest.approx(1 - days / followed, rel=1e-12)
    # The referred arm is not weighted, so its rate is the crude one.
    _, days, events, *_ = mine["referred"]
    rate = figures["re_missing", "episodes_per_100_child_days", "referred", 182]
    assert rate.value == pytest.approx(100 * events / days, rel=1e-12)
    crude = events / days / (mine["not_referred"][2] / mine["not_referred"][1])
    ratio = figures["re_missing", "unadjusted_rate_ratio", "contrast", 182]
    assert ratio.value == pytest.approx(crude, rel=1e-12)
    assert ratio.low < ratio.value < ratio.high


def test_the_share_of_the_comparison_arm_that_was_referred_later(sql, figures):
    ((of, crossed),) = sql(
        """SELECT COUNT(*), COUNT(*) FILTER (WHERE EXISTS (
            SELECT 1 FROM f_meeting_decisions AS m
            WHERE m.child_key = c.child_key AND m.decision = 'refer_st_giles'
              AND m.met_on > c.zero AND m.met_on <= c.zero + asked.window_days))
        FROM compared AS c, asked
        WHERE arm = 'not_referred' AND zero + asked.window_days <= data_end
          AND zero + asked.window_days <= run_to('meeting_decisions', quarter_of(zero))"""
    )
    share = figures["re_missing", "crossed_over", "not_referred", 182]
    assert (share.children, share.of) == (crossed, of)
    assert share.value == pytest.approx(crossed / of, rel=1e-12)


def test_before_and_after(sql, figures):
    ((children, before, after, days),) = sql(
        """SELECT COUNT(*), SUM((SELECT COUNT(*) FROM firsts AS f WHERE f.child_key = c.child_key
                                   AND f.day_a < zero AND f.day_a >= zero - 90)),
               SUM((SELECT COALESCE(SUM(f.began), 0) FROM (
                   SELECT 1 AS began, e.day_a FROM firsts AS e WHERE e.child_key = c.child_key
                     AND NOT EXISTS (SELECT 1 FROM absent AS x WHERE x.child_key = c.child_key
                                       AND e.day_a > x.first_day AND e.day_a < x.last_day)) AS f
                   WHERE f.day_a > zero AND f.day_a <= LEAST(zero + 90, last_seen))),
               SUM(LEAST(90, last_seen - zero))
        FROM compared AS c WHERE arm = 'referred' AND zero + 90 <= data_end"""
    )
    one, other = (figures["monitoring", "before_after", group, 90] for group in ("before", "after"))
    assert (one.children, one.events, other.events) == (children, before, after)
    assert one.value == pytest.approx(100 * int(before) / (90 * children), rel=1e-12)
    assert other.value == pytest.approx(100 * int(after) / int(days), rel=1e-12)
