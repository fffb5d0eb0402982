"""What services did, once more in plain SQL: stages, waits, endings, groups, bands, sessions."""

import pytest

from analyses.quarterly import described
from analyses.services import SERVICES
from analyses.services.risk_pairs import BANDS

pytestmark = pytest.mark.slow

NAMES = tuple(service.name for service in SERVICES)
every_service = pytest.mark.parametrize("service", NAMES)


@pytest.fixture(scope="module")
def figures(snapshot):
    """Every figure that compares nobody, by its whole place."""
    told = described(snapshot, (), ())
    return {(f.section, f.cohort, f.outcome, f.measure, f.group, f.days): f for f in told}


def of(figures, section, cohort, measure, *, group="all", outcome=None, days=None):
    return figures[section, cohort, outcome, measure, group, days]


@every_service
def test_the_funnel_and_who_waits_or_is_open(sql, figures, service):
    (mine,) = sql(
        f"""SELECT COUNT(*), COUNT(*) FILTER (WHERE decision = 'accepted'),
            COUNT(*) FILTER (WHERE decision = 'accepted' AND first_contact_on IS NOT NULL),
            COUNT(*) FILTER (WHERE decision = 'accepted' AND first_contact_on IS NOT NULL
                               AND first_session_on IS NOT NULL),
            COUNT(*) FILTER (WHERE decision = 'accepted' AND first_contact_on IS NOT NULL
                               AND first_session_on IS NOT NULL AND closure_reason = 'planned'),
            COUNT(*) FILTER (WHERE decision = 'declined'),
            COUNT(*) FILTER (WHERE decision = 'accepted' AND closed_on IS NOT NULL)
        FROM of_the_year WHERE service = '{service}'"""
    )
    stages = ("referred", "accepted", "contacted", "first_session", "closed_as_planned",
              "declined", "closed")  # fmt: skip
    theirs = [of(figures, "referrals", f"{service}_12_months", stage) for stage in stages]
    assert [f.children for f in theirs] == list(mine)
    assert {f.of for f in theirs} == {mine[0]}
    assert all(f.value == pytest.approx(f.children / mine[0], rel=1e-12) for f in theirs)
    for place, stage in enumerate(stages[1:5], start=1):
        onward = of(figures, "referrals", f"{service}_12_months", "went_on", group=stage)
        assert (onward.children, onward.of) == (mine[place], mine[place - 1])
        assert onward.value == pytest.approx(mine[place] / mine[place - 1], rel=1e-12)
    (now,) = sql(
        f"""SELECT COUNT(DISTINCT child_key) FILTER (WHERE decision = 'waiting'),
            COUNT(DISTINCT child_key) FILTER (WHERE decision = 'accepted' AND closed_on IS NULL)
        FROM referrals WHERE service = '{service}' AND quarter = '2024Q4'"""
    )
    theirs = [of(figures, "referrals", f"{service}_12_months", f"{name}_now").children
              for name in ("waiting", "open")]  # fmt: skip
    assert theirs == list(now)


@every_service
def test_why_children_were_declined_and_closed(sql, figures, service):
    for measure, field, state in (
        ("declined_because", "decline_reason", "decision = 'declined'"),
        ("closed_because", "closure_reason", "decision = 'accepted' AND closed_on IS NOT NULL"),
    ):
        mine = dict(
            sql(f"""SELECT COALESCE({field}, 'blank'), COUNT(*) FROM of_the_year
                WHERE service = '{service}' AND {state} GROUP BY 1""")
        )
        theirs = {
            f.group: f.children
            for f in figures.values()
            if (f.cohort, f.measure) == (f"{service}_12_months", measure)
        }
        assert set(mine) <= set(theirs)
        assert theirs == {reason: mine.get(reason, 0) for reason in theirs}
        assert sum(mine.values()) > 5


@every_service
def test_stages_of_those_who_had_the_time_for_them(sql, figures, service):
    for stage, days, reached in (
        ("accepted", 90, "decision = 'accepted' AND decided_on <= due"),
        ("contacted", 90, "decision = 'accepted' AND decided_on <= due AND reached_on <= due"),
        ("first_session", 90, "decision = 'accepted' AND decided_on <= due AND reached_on <= due AND first_session_on <= due"),
        ("closed_as_planned", 182, "decision = 'accepted' AND decided_on <= due AND reached_on <= due AND first_session_on <= due AND closure_reason = 'planned' AND closed_on <= due"),
    ):  # fmt: skip
        ((children, whole),) = sql(
            f"""SELECT COUNT(*) FILTER (WHERE {reached}), COUNT(*) FROM (
                SELECT DISTINCT ON (child_key) *, referred_on + {days} AS due FROM in_view
                WHERE service = '{service}' AND referred_on >= DATE '2024-04-01' AND referred_on >= view_from
                ORDER BY child_key, referred_on, provider, referral_ref)
            WHERE due <= view_to OR (ended_on IS NOT NULL AND due <= DATE '2025-03-31')"""
        )
        theirs = of(figures, "referrals", f"{service}_old_enough", stage, days=days)
        assert (theirs.children, theirs.of) == (children, whole)
        assert whole > 40


@every_service
@pytest.mark.parametrize(
    ("what", "kinds", "at"),
    [
        ("decision", ("decision",), (7, 14, 30)),
        ("first_contact", ("first_contact",), (7, 14, 30)),
        ("first_session", ("first_session",), (7, 14, 30)),
        ("ending", ("planned", "disengaged", "other"), (90, 182, 365)),
    ],
)
def test_waits_and_endings_with_others_ending_first(sql, figures, service, what, kinds, at):
    section, cohort, measure = (
        ("endings", "first_session", "ended") if what == "ending"
        else ("waiting", "waiting", "had_within")
    )  # fmt: skip
    ((whole,),) = sql(
        f"SELECT COUNT(*) FROM spells WHERE service = '{service}' AND what = '{what}'"
    )
    told = 0
    for kind in kinds:
        for days in at:
            ((children, share),) = sql(
                f"""SELECT COALESCE(SUM(ended), 0), COALESCE(SUM(step), 0) FROM incidence
                WHERE service = '{service}' AND what = '{what}' AND kind = '{kind}' AND days <= {days}"""
            )
            theirs = of(
                figures, section, f"{service}_{cohort}", measure, outcome=kind, days=days
            )  # fmt: skip
            assert (theirs.children, theirs.of) == (children, whole)
            if theirs.value is not None:
                told += 1
                assert theirs.value == pytest.approx(float(share), rel=1e-9)
    assert told == len(kinds) * len(at)
    if what == "ending":
        return
    (mine,) = sql(
        f"""SELECT COUNT(*) FILTER (WHERE kind = 'open'), COUNT(*) FILTER (WHERE kind = 'ended_first'),
            COUNT(*) FILTER (WHERE entry >= 0) FROM spells WHERE service = '{service}' AND what = '{what}'"""
    )
    counts = ("still_waiting", "ended_first", "late_into_view")
    assert [
        of(figures, "waiting", f"{service}_waiting", name, outcome=what).value for name in counts
    ] == list(mine)


@every_service
def test_sessions_that_were_offered_and_attended(sql, figures, service):
    ((children, offered, attended, came, counted, whole),) = sql(
        f"""SELECT COUNT(*) FILTER (WHERE sessions_offered > 0 AND sessions_attended IS NOT NULL),
            SUM(sessions_offered) FILTER (WHERE sessions_attended IS NOT NULL),
            SUM(sessions_attended) FILTER (WHERE sessions_offered > 0),
            COUNT(*) FILTER (WHERE sessions_offered > 0 AND sessions_attended > 0),
            COUNT(*) FILTER (WHERE sessions_offered IS NOT NULL AND sessions_attended IS NOT NULL), COUNT(*)
        FROM begun AS b JOIN spells AS s USING (service, child_key)
        WHERE service = '{service}' AND what = 'ending'"""
    )
    theirs = of(figures, "endings", f"{service}_first_session", "sessions_attended")
    assert (theirs.children, theirs.of, theirs.events, theirs.with_events) == (
        children, offered, attended, came,
    )  # fmt: skip
    known = of(figures, "endings", f"{service}_first_session", "sessions_counted")
    assert (known.children, known.of) == (counted, whole)


@every_service
def test_who_was_reached_by_authority_source_and_in_all(sql, figures, service):
    for field in ("local_authority", "source", "'all'"):
        cohort = f"{service}_engagement" + ("" if field == "'all'" else f"_by_{field}")
        mine = {
            group: counts
            for group, *counts in sql(
                f"""SELECT {field}, COUNT(*) FILTER (WHERE had), COUNT(*) FROM reached
                WHERE service = '{service}' AND known GROUP BY 1"""
            )
        }
        theirs = {
            f.group: [f.children, f.of]
            for f in figures.values()
            if (f.cohort, f.measure) == (cohort, "engaged")
        }
        assert set(mine) <= set(theirs)
        assert theirs == {group: mine.get(group, [0, 0]) for group in theirs}
    assert mine["all"][1] > 100


@every_service
def test_the_caseload_of_every_quarter(sql, figures, service):
    rows = sql(
        f"""SELECT quarter, COUNT(*) FILTER (WHERE was_open), COUNT(*) FILTER (WHERE came_in AND NOT was_open),
            COUNT(*) FILTER (WHERE refused), COUNT(*) FILTER (WHERE shut), COUNT(*) FILTER (WHERE is_open),
            COUNT(*) FILTER (WHERE (was_open OR came_in) <> (refused OR shut OR is_open)), bool_or(told_before)
        FROM moves WHERE service = '{service}' GROUP BY quarter ORDER BY quarter"""
    )
    assert len(rows) == 8
    lost = dict(
        sql(f"SELECT quarter, COUNT(*) FROM vanished WHERE service = '{service}' GROUP BY 1")
    )
    names = ("open_at_start", "new", "declined", "closed", "open_at_end", "unexplained")
    for quarter, still_open, *counts, told_before in rows:
        gone = lost.get(quarter, 0)
        mine = [still_open + gone, *counts[:-1], counts[-1] + gone]
        theirs = [
            of(figures, "caseload", f"{service}_caseload", name, group=quarter) for name in names
        ]
        if not told_before:
            assert {theirs[0].value, theirs[-1].value} == {None}
            theirs, mine = theirs[1:-1], mine[1:-1]
        assert [f.value for f in theirs] == mine


@every_service
def test_bands_at_referral_and_at_closure(sql, figures, service):
    ((closed, early),) = sql(
        f"""SELECT COUNT(*) FILTER (WHERE can_tell), COUNT(*) FILTER (WHERE NOT can_tell)
        FROM closed WHERE service = '{service}'"""
    )
    mine = {
        (before, after): children
        for before, after, children in sql(
            f"SELECT before, after, COUNT(*) FROM banded WHERE service = '{service}' GROUP BY 1, 2"
        )
    }
    cohort = f"{service}_closed"
    had = sum(mine.values())
    both = sum(children for (_before, after), children in mine.items() if after is not None)
    first = of(figures, "risk_change", cohort, "assessed_at_referral")
    again = of(figures, "risk_change", cohort, "reassessed")
    assert (first.children, first.of) == (had, closed)
    assert (again.children, again.of) == (both, had)
    assert of(figures, "risk_change", cohort, "too_early").value == early
    for before in BANDS:
        for after in BANDS:
            pair = of(figures, "risk_change", cohort, "band_pair", group=f"{before}>{after}")
            assert pair.children == mine.get((before, after), 0)
    ways = {
        way: sum(
            children
            for (before, after), children in mine.items()
            if after is not None and (BANDS.index(after) > BANDS.index(before))
            - (BANDS.index(after) < BANDS.index(before)) == sign
        )
        for way, sign in (("down", -1), ("same", 0), ("up", 1))
    }  # fmt: skip
    theirs = {way: of(figures, "risk_change", cohort, "band_change", group=way) for way in ways}
    assert {way: f.children for way, f in theirs.items() if both} == (ways if both else {})


def test_open_access_by_authority_and_by_month(sql, figures):
    asked = """COUNT(*) FILTER (WHERE NOT off), COUNT(*) FILTER (WHERE off),
        COALESCE(SUM(attendances) FILTER (WHERE NOT off), 0),
        SUM(first_attendances) FILTER (WHERE NOT off)
            / SUM(attendances) FILTER (WHERE NOT off AND first_attendances IS NOT NULL), COALESCE(SUM(minutes) FILTER (WHERE NOT off), 0)"""
    rows = sql(
        f"SELECT 'sessions_12_months', 'all', {asked} FROM held WHERE held_on >= DATE '2024-04-01'"
    )
    rows += sql(f"""SELECT 'sessions_12_months', local_authority, {asked} FROM held
        WHERE held_on >= DATE '2024-04-01' GROUP BY 2""")
    rows += sql(
        f"SELECT 'sessions_by_month', strftime(held_on, '%Y-%m'), {asked} FROM held GROUP BY 2"
    )
    assert len(rows) == 1 + 5 + 24
    for cohort, group, went, off, heads, new, minutes in rows:

        def told(measure, cohort=cohort, group=group):
            return of(figures, "positive_futures_sessions", cohort, measure, group=group)

        assert (told("sessions_held").value, told("attendances").value) == (went, heads)
        assert told("minutes").value == minutes
        assert told("sessions_cancelled").value == pytest.approx(off / (went + off), rel=1e-12)
        assert told("attendances_per_session").value == pytest.approx(heads / went, rel=1e-12)
        assert told("first_attendances").value == pytest.approx(new, rel=1e-12)


def test_return_interviews_of_every_quarter(sql, figures):
    came = {
        quarter for (quarter,) in sql("SELECT quarter FROM said WHERE form = 'missing_episodes'")
    }
    mine = {
        quarter: counts
        for quarter, *counts in sql(
            """SELECT came_back, COUNT(*), COUNT(DISTINCT child_key), SUM(offered::INT), SUM(done::INT),
                SUM(in_time::INT) FROM interviews GROUP BY 1"""
        )
    }
    told = [f for f in figures.values() if f.section == "return_interviews"]
    assert len(told) == 3 * 8
    for figure in told:
        if figure.group not in came:
            assert (figure.value, figure.why_not) == (None, "no_return")
            continue
        episodes, children, *events = mine[figure.group]
        place = ("interview_offered", "interview_done", "interview_done_in_time").index(
            figure.measure
        )
        assert (figure.of, figure.children, figure.events) == (episodes, children, events[place])
        assert figure.value == pytest.approx(int(events[place]) / episodes, rel=1e-12)


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
        f.group: f for f in figures.values()
        if (f.section, f.measure) == ("monitoring", "episodes")
    }  # fmt: skip
    assert len(months) == 24
    for month, figure in months.items():
        ((quarter,),) = sql(f"SELECT quarter_of(DATE '{month}-01')")
        if quarter in came:
            assert (figure.events, figure.children) == mine[month]
        else:
            assert (figure.value, figure.why_not) == (None, "no_return")
