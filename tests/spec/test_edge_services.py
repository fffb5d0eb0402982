"""What services did, at the edge: five children, nobody, one child with most of it, a silent sender.

Every figure that compares no children with others is made, and then what may leave: of St Giles and
Positive Futures, of notifications to schools, interviews, assessments and the monthly series.
Returns came for every quarter from April 2023 to March 2025, unless a case says otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import pytest

from analyses.plan import read_plan
from analyses.quarterly import described, levelled
from analyses.services import SERVICES, Contract
from evaluation.disclosure import PUBLIC, release
from evaluation.language import Text
from evaluation.nouns import DatedEvent, Estimate, Figure, Snapshot
from evaluation.wording import ASSUMPTIONS, METHODS, REASONS
from tests.unit.analyses import making as police
from tests.unit.analyses.encompass import telling as schools
from tests.unit.analyses.services import making as services

REVIEW = DatedEvent(date(2024, 4, 15), "review", Text("A review"), ("op_encompass",))
CONTRACTS = tuple(Contract(service.name, 100_000, "2024/25") for service in SERVICES)
OPEN_ACCESS = "positive_futures_sessions"


def worked_with(number: int, *, decision: str = "accepted") -> Iterable[police.Row]:
    """Children referred to both services in June 2024, assessed before and after."""
    for each in range(number):
        key = f"c{each:03}"
        yield from police.child(key, sex=("female", "male")[each % 2])
        for form in (service.form for service in SERVICES):
            went = {} if decision == "declined" else {
                "first_contact_on": "2024-06-10", "first_session_on": "2024-06-20",
                "sessions_offered": 8, "sessions_attended": 1 + each % 7, "closed_on": "2024-12-02",
            }  # fmt: skip
            yield from services.case(key, "2024-06-03", form=form, decision=decision, **went)
        yield from services.assessed(key, "2024-05-20", "significant")
        yield from services.assessed(key, "2024-11-25", "moderate")


def missing(number: int, times: int = 1) -> Iterable[police.Row]:
    for each in range(number):
        for time in range(times):
            yield from police.episode(f"c{each:03}", f"{date(2024, 10, 7) + timedelta(days=time)}")


def incidents(number: int, times: int = 1) -> list[tuple]:
    """Children at incidents in one week of each quarter of the year, told the same night or not."""
    return [
        schools.incident(
            f"I{each}-{time}-{week}", f"c{each:03}", f"{day:%Y-%m-%d} 20:00",
            f"{day:%Y-%m-%d} 23:00" if (each + time) % 3 else None,
        )
        for each in range(number)
        for time in range(times)
        for week in (date(2024, 5, 6), date(2024, 9, 9), date(2024, 11, 11), date(2025, 2, 3))
        for day in [week + timedelta(days=(each + time) % 5)]
    ]  # fmt: skip


def sessions(number: int) -> Iterable[police.Row]:
    for each in range(number):
        day = date(2024, 4, 2) + timedelta(days=7 * (each % 50))
        yield from services.session(f"{each}", f"{day}", 3 + each % 4)


def busy() -> Iterable[police.Row]:
    """One child with forty of everything, beside forty who have one."""
    for time in range(40):
        day = f"{date(2024, 6, 3) + timedelta(days=5 * time)}"
        for form in (service.form for service in SERVICES):
            yield from services.case("busy", day, form=form, told="2024Q4", decided_on=day)
        yield from services.assessed("busy", day, "severe")
        yield from police.episode("busy", day)


def believed(
    rows: Iterable[police.Row], told: list[tuple], *, quarter: str = "2024Q4", not_sent: str = ""
) -> Snapshot:
    """One snapshot of all forms. `not_sent` names forms."""
    held = list(rows)
    closures = schools.closed("S1", "2023-05-01 2024-09-02 2025-03-31", sent="2023Q1")
    parts = (
        schools.snapshot(closures, told, first="2023Q1", quarter=quarter),
        services.believed(held, quarter=quarter),
        police.believed(
            [row for row in held if row[0] in police.COLUMNS and row[0] != "st_giles_referrals"],
            quarter=quarter,
        ),
    )
    gone = set(not_sent.split())
    tables = {name: rows for part in parts for name, rows in part.tables.items()}
    tables["st_giles_referrals"] = parts[1].tables["st_giles_referrals"]
    return replace(
        parts[2],
        tables={name: None if name in gone else rows for name, rows in tables.items()},
        arrived=frozenset(
            each for part in parts for each in part.arrived if each[1] not in gone
        ),
    )  # fmt: skip


CASES = {
    "nothing to tell": lambda: believed([], []),
    "five children": lambda: believed(
        [*worked_with(5), *missing(5), *sessions(4)], incidents(5)
    ),
    "everyone accepted": lambda: believed([*worked_with(40), *missing(40)], incidents(40)),
    "nobody accepted": lambda: believed(worked_with(40, decision="declined"), []),
    "one child with forty of everything": lambda: believed(
        [*worked_with(40), *missing(40), *busy(), *sessions(60)],
        [*incidents(40), *incidents(1, times=40)[4:]],
    ),
    "only that child": lambda: believed(busy(), incidents(1, times=40)),
    "the first quarter": lambda: believed([*worked_with(5)], [], quarter="2023Q1"),
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    told: tuple[Estimate, ...]
    left: tuple[Figure, ...]


@cache
def made(case: str) -> Made:
    return _made(CASES[case]())


def _made(snapshot: Snapshot) -> Made:
    told = tuple(map(levelled, described(snapshot, CONTRACTS, (REVIEW,))))
    left = release(
        told, PUBLIC, body="gwent", quarter=snapshot.quarter, snapshot="S1",
        plan=read_plan().hash, claim_quarter=None, versions={}, made_on=date(2025, 4, 20),
    )  # fmt: skip
    return Made(told, left.figures)


every_case = pytest.mark.parametrize("case", CASES)


@every_case
def test_every_figure_has_a_value_or_a_reason_a_level_and_words(case):
    told = made(case).told
    assert [f for f in told if f.value is None and not f.why_not] == []
    assert {f.design_level for f in told} <= {1, 2}
    assert {f.why_not for f in told if f.why_not} <= REASONS.keys()
    assert {code for f in told for code in f.unmet} <= ASSUMPTIONS.keys()
    assert {f.method for f in told if f.method} <= METHODS.keys()


@every_case
def test_limits_hold_their_value_and_come_with_one(case):
    for figure in made(case).told:
        if figure.value is None:
            assert (figure.low, figure.high) == (None, None), figure
        elif figure.low is not None and figure.high is not None:
            assert figure.low <= figure.value + 1e-9, figure
            assert figure.value <= figure.high + 1e-9, figure


@every_case
def test_nothing_that_leaves_points_at_a_child(case):
    found = made(case)
    assert len(found.left) == len(found.told)
    for figure in found.left:
        assert figure.value is not None or figure.withheld or figure.why_not, figure
        if figure.section != OPEN_ACCESS:
            counts = (figure.children, figure.of, figure.events)
            assert all(count % 5 == 0 for count in counts if count is not None), figure


@pytest.mark.parametrize("case", ["five children", "only that child", "the first quarter"])
def test_of_few_children_no_number_leaves_but_zeros(case):
    left = [f for f in made(case).left if f.section != OPEN_ACCESS]
    assert {f.value for f in left} <= {None, 0.0}
    assert {count for f in left for count in (f.children, f.of, f.events)} <= {None, 0}


def test_returns_that_came_empty_are_zeros_and_their_shares_have_nothing_to_count():
    told = made("nothing to tell").told
    silent = {(f.section, f.measure, f.group) for f in told if f.why_not == "no_return"}
    before_the_first = {
        ("caseload", "open_at_start", "2023Q1"),
        ("caseload", "unexplained", "2023Q1"),
    }
    assert silent == before_the_first
    assert {f.value for f in told} <= {None, 0.0}


def test_where_all_fared_alike_no_share_says_so_of_every_child():
    left = made("everyone accepted").left
    accepted = [f for f in left if f.section == "referrals" and f.measure == "accepted"]
    assert accepted
    assert {(f.value, f.withheld) for f in accepted} == {(None, "complement")}


def test_where_nobody_was_taken_on_nothing_is_said_of_work_that_never_began():
    told = made("nobody accepted").told
    nothing = {f.why_not for f in told if f.section == "endings"}
    assert nothing == {"no_events", "no_follow_up"}
    costs = {f.measure: (f.value, f.why_not) for f in told if f.section == "costs"}
    assert costs == {
        "cost_per_child_reached": (None, "no_events"),
        "cost_per_planned_closure": (None, "no_events"),
    }


def test_a_child_with_forty_referrals_is_one_child_among_those_referred():
    by = {
        f.cohort: f
        for f in made("one child with forty of everything").told
        if f.section == "referrals" and f.measure == "referred"
    }
    assert {f.children for f in by.values()} == {41}


FORMS = {
    "st_giles_referrals": ("st_giles_",),
    "positive_futures_referrals": ("positive_futures_",),
    "positive_futures_sessions": ("sessions_",),
    "op_encompass_incidents": ("op_encompass_",),
}
"""A form, and how the names of the cohorts begin that cannot be without it."""


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_never_came_leaves_all_its_figures_and_not_one_value(form):
    rows, told = [*worked_with(40), *missing(40), *sessions(60)], incidents(40)
    without = _made(believed(rows, told, not_sent=form)).told
    own = [f for f in without if (f.cohort or "").startswith(FORMS[form])]
    assert {(f.value, f.why_not) for f in own} == {(None, "no_return")}
    whole = _made(believed(rows, told)).told
    asked = {(f.section, f.cohort, f.measure) for f in whole if f.cohort in {g.cohort for g in own}}
    cohorts = {f.cohort for f in whole if (f.cohort or "").startswith(FORMS[form])}
    lost = cohorts - {f.cohort for f in own}
    assert lost <= {"sessions_by_month_and_authority"}
    said = {(f.section, f.cohort, f.measure) for f in own}
    unsaid = {measure for _section, _cohort, measure in asked - said}
    assert unsaid <= {"school_told_limits", "children", "lost"}


def test_no_assessments_leave_reasons_and_no_change_of_risk():
    rows = [*worked_with(40), *missing(40)]
    told = _made(believed(rows, [], not_sent="exploitation_assessments")).told
    own = [f for f in told if f.section == "risk_change" or f.measure == "assessments"]
    assert {(f.value, f.why_not) for f in own} == {(None, "no_return")}
    assert len(own) > 40
    assert {f.value for f in told if f.section == "referrals"} != {None}


def test_no_episodes_leave_no_interviews_rather_than_none_done():
    told = _made(believed([], [], not_sent="missing_episodes")).told
    own = [f for f in told if f.section == "return_interviews"]
    assert len(own) == 3
    assert {(f.value, f.why_not) for f in own} == {(None, "no_return")}
