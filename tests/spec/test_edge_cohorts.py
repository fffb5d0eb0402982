"""Cohorts at the edge: each gives a reason or a warning in words, never a number that misleads.

The whole of a release is made from each: every section, then what may leave. Children come in
pairs that are alike on the day of their meeting, 6 June 2023; returns came for every quarter from
April 2023 to March 2025, unless a case says otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import pytest

from analyses.monitoring import SERIES, charted
from analyses.outcomes import OUTCOMES
from analyses.plan import read_plan
from analyses.quarterly import estimates
from evaluation.disclosure import PUBLIC, release
from evaluation.nouns import Estimate, Release, Snapshot
from evaluation.wording import ASSUMPTIONS, METHODS, REASONS, say
from tests.unit.analyses.making import (
    COLUMNS,
    PROVIDERS,
    Row,
    believed,
    child,
    episode,
    episodes,
    meeting,
)

PLAN = replace(read_plan(), bootstrap_replicates=19)
BEFORE = ("2023-05-20 2023-05-25 2023-06-01", "2023-03-01 2023-05-20 2023-05-30 2023-06-03")
AGAIN = (0, 1, 1, 6)
"""Of four pairs one never goes missing again, and one much more often than the rest."""

DECISIONS = ("no_referral", "refer_st_giles")
HEADLINES = (
    "rate_ratio", "episodes_per_100_children", "unadjusted_rate_ratio",
    "negative_binomial_rate_ratio", "any_episode_difference",
)  # fmt: skip


def one(key: str, number: int, decision: str, times: int, **facts: object) -> Iterable[Row]:
    """A child discussed on 6 June, and missing again so many times from 1 July on."""
    days = [f"{date(2023, 7, 1) + timedelta(days=4 * time)}" for time in range(times)]
    yield from child(key, ("2010-02", "2008-11", "2011-07")[number % 3])
    yield from episodes(key, BEFORE[number % 2])
    yield from meeting(key, "2023-06-06", decision)
    for day in days:
        yield from episode(key, day, **facts)


def pairs(number: int, *, arms: tuple[int, ...] = (0, 1), again: bool = True) -> Iterable[Row]:
    for pair in range(number):
        for arm in arms:
            times = AGAIN[pair % 4] * (2 - arm) if again else 0
            yield from one(f"{pair:03}-{arm}", pair, DECISIONS[arm], times)


def busy() -> Iterable[Row]:
    """A referred child with 40 episodes in the half year after."""
    yield from one("busy", 0, DECISIONS[1], 40)


@dataclass(frozen=True)
class Made:
    """All figures of a snapshot, and the release of them."""

    snapshot: Snapshot
    told: tuple[Estimate, ...]
    left: Release

    def headlines(self, days: int | None = None) -> list[Estimate]:
        return [
            f
            for f in self.told
            if (f.section, f.cohort) == ("re_missing", "discussed")
            and f.measure in HEADLINES
            and days in {None, f.days}
        ]

    def one(self, section: str, measure: str, group: str, days: int | None = None) -> Estimate:
        (found,) = (
            f
            for f in self.told
            if (f.section, f.measure, f.group, f.days) == (section, measure, group, days)
            and f.cohort in {None, "discussed"}
        )
        return found

    def claim(self) -> str:
        """What a report says of the plan's question."""
        ratio = next(
            f for f in self.left.figures if f.role == "primary" and f.measure == "rate_ratio"
        )
        outcome = OUTCOMES[PLAN.outcome]
        said = say(ratio, outcome=outcome.title, phrase=outcome.phrase, release=self.left)
        return f"{said.kind}: {said.headline} {' '.join(str(each) for each in said.weakened_by)}"


CASES = {
    "everyone referred": (lambda: pairs(30, arms=(1,)), {}),
    "nobody referred": (lambda: pairs(30, arms=(0,)), {}),
    "five children": (lambda: [*pairs(2), *one("last", 1, DECISIONS[1], 1)], {}),
    "no events after": (lambda: pairs(30, again=False), {}),
    "no events at all": (
        lambda: [row for n in range(30) for row in [*child(f"{n}"), *meeting(f"{n}", "2023-06-06")]],
        {},
    ),
    "one child with 40 episodes": (lambda: [*pairs(40), *busy()], {}),
    "only that child": (busy, {}),
    "a definition changed mid-window": (
        lambda: [
            (form, {**row, "definition": "local"})
            if form == "missing_episodes" and str(row["reported_on"]) >= "2023-07-10"
            else (form, row)
            for form, row in pairs(30)
        ],
        {},
    ),
    "police sent nothing": (
        lambda: pairs(30), {"not_sent": "children missing_episodes away_spells"}
    ),
    "the meeting sent nothing": (lambda: pairs(30), {"not_sent": "meeting_decisions"}),
    "the service sent nothing": (lambda: pairs(30), {"not_sent": "st_giles_referrals"}),
    "nobody sent anything": (lambda: pairs(30), {"not_sent": " ".join(COLUMNS)}),
    "one quarter only": (lambda: pairs(30), {"quarter": "2023Q1"}),
    "an older quarter": (lambda: pairs(30), {"quarter": "2023Q3"}),
}  # fmt: skip


@cache
def made(case: str) -> Made:
    rows, returns = CASES[case]
    snapshot = believed(rows(), **returns)
    told = estimates(snapshot, PLAN, PROVIDERS, registered=PLAN)
    left = release(
        told, PUBLIC, body="gwent", quarter=snapshot.quarter, snapshot=snapshot.id,
        plan=PLAN.hash, claim_quarter=PLAN.claim_quarter, versions={}, made_on=date(2025, 4, 20),
    )  # fmt: skip
    return Made(snapshot, told, left)


every_case = pytest.mark.parametrize("case", CASES)


# ---- What holds of all of them ------------------------------------------------------------------


@every_case
def test_no_figure_is_without_both_a_value_and_a_reason(case):
    assert [f for f in made(case).told if f.value is None and not f.why_not] == []


@every_case
def test_every_code_has_words(case):
    told = made(case).told
    assert {f.why_not for f in told if f.why_not} <= REASONS.keys()
    assert {code for f in told for code in f.unmet} <= ASSUMPTIONS.keys()
    assert {f.method for f in told if f.method} <= METHODS.keys()


@every_case
def test_every_figure_leaves_rounded_or_withheld_and_none_points_at_a_child(case):
    left = made(case).left.figures
    assert len(left) == len(made(case).told)
    for figure in left:
        assert figure.value is not None or figure.withheld or figure.why_not, figure
        if figure.unit != "returns":
            counts = (figure.children, figure.of, figure.events)
            assert all(count % 5 == 0 for count in counts if count is not None), figure


@every_case
def test_limits_hold_their_value_and_come_with_one(case):
    for figure in made(case).told:
        if figure.value is None:
            assert (figure.low, figure.high) == (None, None), figure
        elif figure.low is not None and figure.high is not None:
            assert figure.low <= figure.value + 1e-9, figure
            assert figure.value <= figure.high + 1e-9, figure


# ---- Each by itself -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "why_not"),
    [
        ("everyone referred", "no_comparison"),
        ("nobody referred", "no_comparison"),
        ("no events after", "no_events"),
        ("no events at all", "no_follow_up"),  # nobody met the trigger
        ("police sent nothing", "no_return"),
        ("the meeting sent nothing", "no_return"),
        ("the service sent nothing", "no_return"),
        ("nobody sent anything", "no_return"),
        ("one quarter only", "no_follow_up"),
    ],
)
def test_the_question_is_not_answered_and_the_report_says_why(case, why_not):
    found = made(case)
    headlines = found.headlines()
    assert len(headlines) == len(HEADLINES) * len(PLAN.windows_days)
    assert {f.value for f in headlines} == {None}
    primary = found.one("re_missing", "rate_ratio", "contrast", PLAN.window_days)
    assert primary.why_not == why_not
    said = found.claim()
    assert said.startswith("not_estimable: ")
    assert f"this cannot be estimated, because {REASONS[why_not]}." in said


@pytest.mark.parametrize(
    ("case", "why_not"),
    [("five children", "too_few_children"), ("only that child", "no_comparison")],
)
def test_of_few_children_the_report_says_that_they_are_withheld_and_no_more(case, why_not):
    """A reason beside it, why they could not be compared, would tell how many they are."""
    found = made(case)
    primary = found.one("re_missing", "rate_ratio", "contrast", PLAN.window_days)
    assert (primary.value, primary.why_not) == (None, why_not)
    said = found.claim()
    assert said.startswith("not_estimable: ")
    assert "this is withheld, because it comes from too few children." in said


@pytest.mark.parametrize("case", ["everyone referred", "nobody referred"])
def test_without_a_comparison_no_smallest_difference_is_promised(case):
    found = made(case).one("re_missing", "minimum_detectable_rate_ratio", "contrast", 182)
    assert (found.value, found.why_not) == (None, "no_comparison")


@pytest.mark.parametrize("case", ["everyone referred", "nobody referred"])
def test_before_and_after_is_never_more_than_monitoring(case):
    for group in ("before", "after"):
        found = made(case).one("monitoring", "before_after", group, 90)
        assert (found.role, found.design_level) == ("monitoring", 2)
        if case == "nobody referred":
            assert (found.value, found.why_not) == (None, "too_few_children")
        else:
            assert found.unmet == ("regression_to_the_mean",)


def test_of_five_children_no_number_leaves_but_zeros():
    left = made("five children").left.figures
    about_children = [
        f for f in left if f.unit != "returns" and not f.section.startswith("positive_futures_s")
    ]
    assert {f.value for f in about_children} <= {None, 0.0}
    assert {c for f in about_children for c in (f.children, f.of, f.events)} <= {None, 0}


def test_no_episodes_at_all_are_zeros_month_by_month_because_the_returns_came():
    told = [f for f in made("no events at all").told if f.measure == "episodes"]
    assert len(told) == 24
    assert {(f.value, f.why_not) for f in told} == {(0.0, None)}


def test_one_child_with_most_episodes_is_warned_of_without_being_pointed_at():
    found = made("one child with 40 episodes")
    ratio = found.one("re_missing", "rate_ratio", "contrast", 182)
    assert ratio.value is not None
    assert "carried_by_few" in ratio.unmet
    assert str(ASSUMPTIONS["carried_by_few"]) in found.claim()
    steady = made("a definition changed mid-window").one(
        "re_missing", "rate_ratio", "contrast", 182
    )
    assert "carried_by_few" not in steady.unmet


def test_only_that_child_leaves_nothing_of_its_40_episodes():
    left = made("only that child").left.figures
    shown = [f for f in left if f.section in {"monitoring", "re_missing"} and f.value]
    assert shown == []


def test_a_definition_that_changed_mid_window_is_stamped_and_forbids_a_claim():
    found = made("a definition changed mid-window")
    ratio = found.one("re_missing", "rate_ratio", "contrast", 182)
    assert ratio.value is not None
    assert "definition_changed" in ratio.unmet
    assert "definition_changed" in PLAN.claim_blocked_by
    assert str(ASSUMPTIONS["definition_changed"]) in found.claim()
    chart = charted(found.told, SERIES["episodes"])
    begins = chart.points.index[chart.points["phase"] == 2][0]
    assert begins == "2023-08"  # most of July's episodes began before the 10th
    assert set(chart.points.loc[:"2023-07", "why_no_limits"]) == {"few_months"}


@pytest.mark.parametrize(
    ("case", "forms"),
    [
        ("police sent nothing", ("missing_episodes", "children")),
        ("the meeting sent nothing", ("meeting_decisions",)),
        ("the service sent nothing", ("st_giles_referrals",)),
        ("nobody sent anything", tuple(COLUMNS)),
    ],
)
def test_what_a_silent_provider_owes_is_told_first_and_none_of_it_is_zero(case, forms):
    told = made(case).told
    assert told[0].section == "completeness"
    owed = {f.group.split("/")[1]: f.value for f in told if f.measure == "arrived"}
    assert all(owed[form] == 0 for form in forms)
    made_from = [
        series
        for series in SERIES.values()
        if set(series.forms) & set(forms) and series.section == "monitoring"
    ]
    for series in made_from:
        own = [
            f
            for f in told
            if (f.section, f.measure, f.cohort) == (series.section, series.measure, series.cohort)
        ]
        assert {(f.value, f.why_not) for f in own} == {(None, "no_return")}, series.name
        assert charted(told, series).variation is None


def test_where_the_service_is_silent_its_referrals_are_not_nought():
    told = [
        f
        for f in made("the service sent nothing").told
        if f.section == "referrals" and (f.cohort or "").startswith("st_giles")
    ]
    assert told
    assert {(f.value, f.why_not) for f in told} == {(None, "no_return")}


def test_one_quarter_has_months_and_no_limits():
    found = made("one quarter only")
    chart = charted(found.told, SERIES["episodes"])
    assert chart.points.index.tolist() == ["2023-04", "2023-05", "2023-06"]
    assert set(chart.points["why_no_limits"]) == {"few_months"}
    assert chart.variation is None


def test_an_older_quarter_knows_the_windows_that_were_over_then_and_makes_no_claim():
    found = made("an older quarter")
    assert not found.left.is_claim
    assert found.claim().startswith("interim: ")
    for days, known in ((90, True), (182, True), (365, False)):
        ratio = found.one("re_missing", "rate_ratio", "contrast", days)
        assert (ratio.value is not None) is known
        assert ratio.why_not == (None if known else "no_follow_up")
    assert max(f.group for f in found.told if f.measure == "episodes") == "2023-12"
