"""The tables of one full quarter, once more in plain SQL that shares no code with the toolkit.

The SQL stands in `recomputed.sql` and reads the store's own files, by the ledger's word alone.
"""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import duckdb
import openpyxl
import pytest

from analyses.cohorts import discussed
from analyses.exporting import exported_tables
from analyses.invented.returns import invent
from analyses.invented.workbooks import write_returns
from analyses.monitoring.monthly import episodes_by_month
from analyses.outcomes import OUTCOMES
from analyses.plan import read_plan
from analyses.quarterly import completeness, monitoring, re_missing
from analyses.services import ST_GILES, funnel
from analyses.time_away import time_away
from evaluation.following import follow
from evaluation.quarters import Quarter
from evaluation.returns.checking import rules_version
from evaluation.returns.intake import examine, take_back
from evaluation.store import Store, accept, take_snapshot
from reports.reading import read_body
from schemas import FORMS

pytestmark = pytest.mark.slow

QUARTER = "2024Q4"
SQL = Path(__file__).with_name("recomputed.sql")
USED = ("children", "missing_episodes", "away_spells", "meeting_decisions", "st_giles_referrals")
GAPS = {("gwent_police", Quarter(2024, 3)), ("missing_meeting", Quarter(2024, 2))}


def shortened(path, sheet, to):
    """The same return less the last row of one of its sheets: it would supersede the first."""
    book = openpyxl.load_workbook(path)
    rows = book[sheet]
    last = max(row for row in range(1, rows.max_row + 1) if rows.cell(row, 1).value is not None)
    rows.delete_rows(last)
    book.save(to)
    return to


@pytest.fixture(scope="module", params=["all-returns", "with-gaps"])
def store(request, tmp_path_factory):
    """Every invented return as its provider would send it; one is superseded, one taken back.

    With gaps, a return of the police and one of the meeting never come.
    """
    folder = tmp_path_factory.mktemp("recomputed")
    providers = read_body("gwent").providers
    workbooks = write_returns(invent(seed=5), folder / "returns", providers=providers)
    store, version = Store.open(folder / "store"), rules_version(FORMS)

    def send(path, quarter, days):
        sent = datetime.combine(quarter.last_day + timedelta(days=days), time(9), UTC)
        checked = examine(path, FORMS, providers, store)
        return accept(store, checked, FORMS, now=sent, rules_version=version)

    for (provider, quarter), path in sorted(workbooks.returns.items(), key=lambda item: item[0][1]):
        if request.param == "with-gaps" and (provider, quarter) in GAPS:
            continue
        send(path, quarter, 12)
        if (provider, quarter) == ("gwent_police", Quarter(2024, 1)):
            send(shortened(path, "Missing episodes", folder / "shorter.xlsx"), quarter, 15)
        if (provider, quarter) == ("st_giles", Quarter(2024, 3)):
            again = send(shortened(path, "St Giles referrals", folder / "other.xlsx"), quarter, 15)
            take_back(store, again.id, why="sent by mistake", now=datetime(2025, 2, 1, tzinfo=UTC))
    return store


@pytest.fixture(scope="module")
def sql(store):
    """The SQL's tables. What is in force: the newest return of each that was not taken back."""
    ledger = sqlite3.connect(store.root / "ledger.sqlite")
    held = ledger.execute(
        """
        SELECT form, provider, quarter, file FROM submissions AS s
        WHERE quarter <= ? AND sequence NOT IN (SELECT receipt FROM withdrawals)
          AND revision = (SELECT MAX(revision) FROM submissions AS o
                          WHERE (o.form, o.provider, o.quarter) = (s.form, s.provider, s.quarter)
                            AND o.sequence NOT IN (SELECT receipt FROM withdrawals))
        """,
        (QUARTER,),
    ).fetchall()
    plan = read_plan()
    connection = duckdb.connect()
    connection.execute("CREATE TABLE said (form TEXT, provider TEXT, quarter TEXT)")
    connection.executemany("INSERT INTO said VALUES (?, ?, ?)", [row[:3] for row in held])
    for form in USED:
        files = [
            str(store.root / "files" / file[:2] / f"{file}.parquet")
            for name, _, _, file in held
            if name == form
        ]
        connection.execute(f"CREATE TABLE f_{form} AS FROM read_parquet({files})")
    connection.execute(
        f"""CREATE TABLE asked AS SELECT {plan.window_days} AS window_days,
        {plan.trigger_episodes} AS trigger_episodes, {plan.trigger_days} AS trigger_days,
        {plan.history_days} AS history_days, {plan.age_limit} AS age_limit"""
    )
    connection.execute(SQL.read_text(encoding="utf-8"))
    return lambda text: connection.execute(text).fetchall()


@pytest.fixture(scope="module")
def snapshot(store):
    return take_snapshot(store, Quarter.parse(QUARTER), FORMS)


@pytest.fixture(scope="module")
def figures(snapshot):
    """The quarter's figures before release; few draws, for none of these is drawn."""
    plan = replace(read_plan(), bootstrap_replicates=19)
    cohort = discussed(snapshot, plan)
    at_risk = follow(cohort, OUTCOMES[plan.outcome], snapshot, away=time_away(snapshot))
    told = [
        *completeness.figures(snapshot, read_body("gwent").providers),
        *funnel.so_far(snapshot, ST_GILES),
        *funnel.now(snapshot, ST_GILES),
        *episodes_by_month(snapshot),
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


def test_the_funnel_of_referrals_of_the_last_twelve_months(sql, figures):
    (mine,) = sql(
        """WITH newest AS (
            SELECT * FROM f_st_giles_referrals AS r
            WHERE quarter = (SELECT MAX(o.quarter) FROM f_st_giles_referrals AS o
                             WHERE (o.provider, o.referral_ref) = (r.provider, r.referral_ref))),
        year AS (SELECT * FROM newest, asked WHERE referred_on >= DATE '2024-04-01'),
        first AS (
            SELECT * FROM year AS r WHERE NOT EXISTS (
                SELECT 1 FROM year AS o WHERE o.child_key = r.child_key
                  AND (o.referred_on, o.provider, o.referral_ref) < (r.referred_on, r.provider, r.referral_ref)))
        SELECT COUNT(*), COUNT(*) FILTER (WHERE decision = 'accepted'),
               COUNT(*) FILTER (WHERE decision = 'accepted' AND first_contact_on IS NOT NULL),
               COUNT(*) FILTER (WHERE decision = 'accepted' AND first_contact_on IS NOT NULL
                                  AND first_session_on IS NOT NULL),
               COUNT(*) FILTER (WHERE decision = 'accepted' AND first_contact_on IS NOT NULL
                                  AND first_session_on IS NOT NULL AND closure_reason = 'planned')
        FROM first"""
    )
    stages = ("referred", "accepted", "contacted", "first_session", "closed_as_planned")
    theirs = [figures["referrals", stage, "all", None] for stage in stages]
    assert [f.children for f in theirs] == list(mine)
    assert {f.of for f in theirs} == {mine[0]}
    now = sql(
        f"""SELECT COUNT(DISTINCT child_key) FILTER (WHERE decision = 'waiting'),
            COUNT(DISTINCT child_key) FILTER (WHERE decision = 'accepted' AND closed_on IS NULL)
            FROM f_st_giles_referrals WHERE quarter = '{QUARTER}'"""
    )
    assert [
        figures["referrals", name, "all", None].children for name in ("waiting_now", "open_now")
    ] == list(now[0])


def test_episodes_and_children_by_month(sql, figures):
    mine = {
        month: (events, children)
        for month, events, children in sql(
            """SELECT strftime(day_a, '%Y-%m'), COUNT(*), COUNT(DISTINCT child_key)
            FROM firsts GROUP BY 1"""
        )
    }
    came = {
        quarter for (quarter,) in sql("SELECT quarter FROM said WHERE form = 'missing_episodes'")
    }
    months = {
        group: f for (section, measure, group, _), f in figures.items()
        if (section, measure) == ("monitoring", "episodes")
    }  # fmt: skip
    assert len(months) == 24
    for month, figure in months.items():
        ((quarter,),) = sql(f"SELECT quarter_of(DATE '{month}-01')")
        if quarter in came:
            assert (figure.events, figure.children) == mine[month]
        else:
            assert (figure.value, figure.why_not) == (None, "no_return")


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
