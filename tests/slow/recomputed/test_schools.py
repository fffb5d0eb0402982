"""Op Encompass once more in plain SQL, with bank holidays written out: both clocks and the reasons."""

import pytest

from analyses import encompass

pytestmark = pytest.mark.slow

YEAR = "op_encompass_12_months"
STATES = ("not_due", "authority", "no_school", "unknown_calendar", "not_open_yet", "judged")


@pytest.fixture(scope="module")
def figures(snapshot):
    told = encompass.figures(snapshot)
    return {(f.cohort, f.outcome, f.measure, f.group): f for f in told}


def of(figures, measure, *, group="all", outcome=None, cohort=YEAR):
    return figures[cohort, outcome, measure, group]


def test_the_flow_of_children_at_incidents(sql, figures):
    mine = {
        state: (rows, children)
        for state, rows, children in sql(
            "SELECT state, COUNT(*), COUNT(DISTINCT child_key) FROM of_the_year_due GROUP BY 1"
        )
    }
    for state in STATES:
        theirs = of(figures, "rows", group=state)
        assert (theirs.value, theirs.children) == mine.get(state, (0, 0))
    assert of(figures, "rows", group="told").value == sum(rows for rows, _ in mine.values()) > 300


def test_what_became_of_each_notification_that_was_due(sql, figures):
    mine = dict(
        sql("SELECT outcome, COUNT(*) FROM of_the_year_due WHERE state <> 'not_due' GROUP BY 1")
    )
    for outcome in ("notified", "authority", "no_school", "not_sent"):
        theirs = of(figures, "notification", group=outcome)
        assert (theirs.events, theirs.of) == (mine.get(outcome, 0), sum(mine.values()))
    assert mine["not_sent"] > 5


def test_who_was_told_before_the_school_next_opened_in_all_and_by_authority(sql, figures):
    rows = sql(
        """SELECT 'all', COUNT(*) FILTER (WHERE in_time), COUNT(*), COUNT(DISTINCT child_key)
        FROM of_the_year_due WHERE state = 'judged'"""
    )
    rows += sql(
        """SELECT local_authority, COUNT(*) FILTER (WHERE in_time), COUNT(*), COUNT(DISTINCT child_key)
        FROM of_the_year_due WHERE state = 'judged' GROUP BY 1"""
    )
    assert len(rows) == 6
    for place, in_time, whole, children in rows:
        theirs = of(figures, "school_told", group=place, outcome="before_school_opens")
        assert (theirs.events, theirs.of, theirs.children) == (in_time, whole, children)
        assert theirs.value == pytest.approx(in_time / whole, rel=1e-12)


def test_the_same_month_by_month(sql, figures):
    came = {q for (q,) in sql("SELECT quarter FROM said WHERE form = 'op_encompass_incidents'")}
    mine = {
        month: (in_time, whole)
        for month, in_time, whole in sql(
            """SELECT strftime(day, '%Y-%m'), COUNT(*) FILTER (WHERE outcome = 'notified' AND notified_at < opens_at),
                COUNT(*) FROM notified WHERE state = 'judged' AND day >= DATE '2023-04-01' GROUP BY 1"""
        )
    }
    told = {
        group: f for (cohort, _, measure, group), f in figures.items()
        if (cohort, measure) == ("op_encompass_months", "school_told")
    }  # fmt: skip
    assert len(told) == 24
    for month, figure in told.items():
        ((quarter,),) = sql(f"SELECT quarter_of(DATE '{month}-01')")
        if quarter in came:
            assert (figure.events, figure.of) == mine[month]
        else:
            assert (figure.value, figure.of, figure.why_not) == (None, None, "no_return")


def test_hours_until_anybody_was_told(sql, figures):
    for hours in (12, 24, 48, 72):
        ((told, share),) = sql(
            f"""SELECT COALESCE(SUM(told), 0), 1 - COALESCE(product(1 - told / waiting), 1)
            FROM untold WHERE stops <= {hours * 3600}"""
        )
        theirs = of(figures, "anyone_told", outcome=f"within_{hours}_hours")
        assert theirs.events == told > 50
        assert theirs.value == pytest.approx(share, rel=1e-9)
