"""Releases to write reports from: a full one, an empty one, and one with everything withheld."""

from dataclasses import replace
from datetime import date
from functools import cache
from math import exp

from analyses.plan import read_plan
from analyses.relations import within
from evaluation.disclosure import PUBLIC, release
from evaluation.nouns import Estimate, Release
from evaluation.quarters import Quarter
from reports.reading import read_body
from schemas import FORMS

QUARTER = Quarter(2024, 4)
ARMS = {"referred": (62, 0.026), "not_referred": (88, 0.041)}
WINDOWS = (182, 90, 365)


@cache
def full(*, quarter=QUARTER, claim_quarter=QUARTER, high=0.97, data=None) -> Release:
    """A release as a quarter's returns would make it."""
    return _release(_estimates(high), quarter, claim_quarter, data)


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


def without_returns(*, quarter=QUARTER) -> Release:
    """What is left where the returns for the comparison have not come."""
    figures = [
        _re_missing(measure, group, days=days, design_level=3, role=role, why_not="no_return")
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
    return (*_completeness(), *_referrals(), *_monitoring(), *_comparison(high))


def _completeness():
    for provider in read_body("gwent").providers.values():
        for form in provider.forms:
            for quarter in Quarter(2023, 1).to(QUARTER):
                came = not (provider.name == "missing_meeting" and quarter == Quarter(2024, 2))
                yield Estimate("completeness", "arrived", f"{provider.name}/{form}/{quarter}",
                               unit="returns", value=float(came))  # fmt: skip
    for number, form in enumerate(FORMS.values()):
        for place, field in enumerate(field for field in form.fields if field.need == "want"):
            yield Estimate("completeness", "filled", f"{form.name}.{field.name}", unit="records",
                           children=120, of=260, value=1 - 0.07 * ((place + number) % 4))  # fmt: skip


def _referrals():
    stages = {
        "referred": 147,
        "accepted": 122,
        "contacted": 104,
        "first_session": 81,
        "closed_as_planned": 33,
    }
    for stage, children in stages.items():
        yield Estimate("referrals", stage, cohort="st_giles_12_months", children=children, of=147,
                       value=children / 147, low=0.1, high=0.9, method="wilson", design_level=1)  # fmt: skip
    for measure, children in {"waiting_now": 14, "open_now": 52}.items():
        yield Estimate(
            "referrals",
            measure,
            cohort="st_giles_12_months",
            children=children,
            value=float(children),
        )


def _monitoring():
    begun = (
        58,
        63,
        55,
        71,
        66,
        49,
        61,
        57,
        52,
        68,
        60,
        64,
        59,
        102,
        62,
        55,
        51,
        47,
        0,
        6,
        44,
        49,
        41,
        46,
    )
    for place, events in enumerate(begun):
        children = min(events, 4) if events < 8 else events * 2 // 3
        yield Estimate("monitoring", "episodes", f"{2023 + (place + 3) // 12}-{(place + 3) % 12 + 1:02}",
                       outcome="re_missing", unit="episodes", role="monitoring", events=events,
                       children=children, value=float(events))  # fmt: skip
    for group, events, rate in (("before", 241, 4.32), ("after", 118, 2.11)):
        yield Estimate("monitoring", "before_after", group, cohort="discussed", outcome="re_missing",
                       days=90, role="monitoring", design_level=2, children=62, events=events, value=rate,
                       unmet=("regression_to_the_mean",))  # fmt: skip


def _re_missing(measure, group, **others):
    return Estimate(
        "re_missing", measure, group, cohort="discussed", outcome="re_missing", **others
    )


def _comparison(high):
    flow = {"discussed": 412, "never_met_trigger": 198, "not_a_child": 11, "already_referred": 31,
            "referred_elsewhere": 14, "short_history": 5, "no_follow_up": 3, "referred": 62, "not_referred": 88}  # fmt: skip
    for reason, children in flow.items():
        yield _re_missing("flow", reason, children=children, value=float(children))
    for arm, (children, _hazard) in ARMS.items():
        yield _re_missing("children", arm, children=children, value=float(children))
    yield _re_missing(
        "crossed_over",
        "not_referred",
        days=182,
        children=37,
        of=79,
        value=37 / 79,
        low=0.3,
        high=0.6,
    )
    yield _re_missing("effective_children", "not_referred", days=182, children=79, value=51.3)
    yield _re_missing("largest_imbalance_before", "contrast", days=182, children=140, value=0.482)
    yield _re_missing("largest_imbalance_after", "contrast", days=182, children=140, value=0.064)
    for days in WINDOWS:
        yield from _window(days, high)
    yield from _curves()


def _window(days, high):
    compared = {
        "days": days,
        "design_level": 3,
        "unmet": ("unmeasured_confounding", "crossing_over", "time_away_not_removed"),
    }
    role = "primary" if days == 182 else "secondary"
    yield _re_missing(
        "minimum_detectable_rate_ratio",
        "contrast",
        days=days,
        children=140,
        value=0.53,
        low=0.53,
        high=1.91,
    )
    if days == 365:
        for measure, group in (
            ("rate_ratio", "contrast"),
            ("any_episode", "referred"),
            ("any_episode_difference", "contrast"),
        ):
            yield _re_missing(measure, group, role=role, why_not="too_few_children", **compared)
        return
    for arm, (children, hazard) in ARMS.items():
        yield _re_missing("days_not_at_risk", arm, days=days, children=children, value=0.0213)
        yield _re_missing("episodes_per_100_child_days", arm, children=children - 8, events=140, with_events=40,
                          role=role, value=hazard * 48, low=hazard * 38, high=hazard * 60, **compared)  # fmt: skip
        share = 1 - exp(-hazard * days**0.6)
        yield _re_missing("any_episode", arm, children=children, events=int(share * children), role="secondary",
                          value=share, low=share - 0.1, high=share + 0.1, **compared)  # fmt: skip
    yield _re_missing(
        "rate_ratio",
        "contrast",
        children=140,
        role=role,
        value=0.784,
        low=0.621,
        high=high,
        **compared,
    )
    yield _re_missing(
        "episodes_per_100_children",
        "contrast",
        children=140,
        role=role,
        value=-34.4,
        low=-71.2,
        high=-0.51 if high < 1 else 12.3,
        **compared,
    )
    yield _re_missing(
        "any_episode_difference",
        "contrast",
        children=140,
        role="secondary",
        value=-0.13,
        low=-0.27,
        high=0.02,
        **compared,
    )
    yield _re_missing(
        "unadjusted_rate_ratio",
        "contrast",
        children=140,
        role="sensitivity",
        value=1.12,
        low=0.91,
        high=1.43,
        **compared,
    )
    yield _re_missing(
        "negative_binomial_rate_ratio",
        "contrast",
        children=140,
        role="sensitivity",
        value=0.81,
        low=0.63,
        high=1.05,
        **compared,
    )


def _curves():
    for arm, (children, hazard) in ARMS.items():
        for days in sorted({*range(0, 365, 14), 90, 182, 365}):
            free = exp(-hazard * days**0.6)
            at_risk = int(children * free * (1 - days / 450))
            yield _re_missing("free_of_episodes", arm, days=days, children=at_risk, design_level=3, role="secondary",
                              value=free, low=max(free - 0.1, 0), high=min(free + 0.1, 1))  # fmt: skip
