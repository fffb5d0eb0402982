"""Releases to write reports from: a full one, an empty one, and one with everything withheld."""

from dataclasses import replace
from datetime import date
from functools import cache

from analyses.plan import read_plan
from analyses.relations import within
from evaluation.disclosure import PUBLIC, release
from evaluation.nouns import Estimate, Release
from evaluation.quarters import Quarter as Quarter
from tests.unit.reports.making_comparison import comparison, re_missing
from tests.unit.reports.making_police import (
    QUARTER,
    completeness,
    encompass,
    interviews,
    monitoring,
    review,
)
from tests.unit.reports.making_services import referrals, risk, services, sessions


@cache
def full(*, quarter=QUARTER, claim_quarter=QUARTER, high=0.97, data=None) -> Release:
    """A release as a quarter's returns would make it."""
    return _release(_estimates(high), quarter, claim_quarter, data)


@cache
def reviewed(*, ratio=(0.5, 0.3, 0.8)) -> Release:
    """The same of invented data, with the series around a review."""
    return _release((*_estimates(0.97), *review(ratio=ratio)), QUARTER, QUARTER, "invented")


@cache
def empty(*, quarter=QUARTER) -> Release:
    """A release of a quarter in which nothing could be analysed at all."""
    return _release((), quarter, quarter)


@cache
def withheld(*, quarter=QUARTER) -> Release:
    """Every figure there, and none shown."""
    made = full(quarter=quarter)
    nothing = dict.fromkeys(("children", "of", "events", "value", "low", "high"))
    return replace(
        made,
        figures=tuple(
            figure if figure.unit == "returns" else replace(figure, **nothing, withheld="few_children")
            for figure in made.figures
        ),
    )  # fmt: skip


@cache
def without_returns(*, quarter=QUARTER) -> Release:
    """What is left where the returns for the comparison have not come."""
    figures = [
        re_missing(measure, group, days=days, design_level=3, role=role, why_not="no_return")
        for days, role in ((182, "primary"), (90, "secondary"), (365, "secondary"))
        for measure, group in (
            ("rate_ratio", "contrast"),
            ("episodes_per_100_child_days", "referred"),
            ("any_episode", "referred"),
        )
    ]
    figures += [
        Estimate("monitoring", "before_after", group, cohort="discussed", outcome="re_missing",
                 days=90, role="monitoring", design_level=2, why_not="no_return")
        for group in ("before", "after")
    ]  # fmt: skip
    figures += [
        Estimate("referrals", measure, cohort="st_giles_12_months", why_not="no_return")
        for measure in ("referred", "accepted", "waiting_now", "open_now")
    ]
    return _release(figures, quarter, quarter)


def _release(figures, quarter, claim_quarter, data=None) -> Release:
    held = tuple(figures)
    return release(
        held,
        PUBLIC,
        body="gwent",
        quarter=quarter,
        snapshot="000016-3f2a9c",
        plan=read_plan().hash,
        claim_quarter=claim_quarter,
        versions={"outcome-evaluation": "0.1.0", "pandas": "3.1.1"}
        | ({"data": data} if data else {}),
        made_on=date(2025, 4, 30),
        relations=within(held),
    )


def _estimates(high):
    return (
        *completeness(), *referrals(), *monitoring(), *comparison(high), *services(),
        *risk(), *encompass(), *sessions(), *interviews(),
    )  # fmt: skip
