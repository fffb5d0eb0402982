"""From estimates to a release: each figure is rounded or withheld, in sight of all the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from math import isfinite

from evaluation.disclosure.arms import CONTRAST, Arms
from evaluation.disclosure.grids import is_plain, on_grid, rounded_count
from evaluation.disclosure.policy import SCALES, Policy, Scale
from evaluation.disclosure.secondary import withhold_more
from evaluation.disclosure.withheld import share_of_children
from evaluation.errors import ReleaseRefused
from evaluation.language import _
from evaluation.nouns import Claiming, Estimate, Figure, Release
from evaluation.quarters import Quarter


def release(
    estimates: Iterable[Estimate],
    policy: Policy,
    *,
    body: str,
    quarter: Quarter,
    snapshot: str,
    plan: str,
    claim_quarter: Quarter | None,
    versions: Mapping[str, str],
    made_on: date,
    claiming: Claiming | None = None,
    report: str = "quarterly",
    provider: str | None = None,
) -> Release:
    """Put every estimate on the policy's grid, or withhold it with a reason.

    Thresholds are of distinct children, never of episodes. A figure that is withheld carries no
    number at all. Where only the value must stay back (a percentage of a small base, 0% or
    100%), the rounded counts remain and `why_not` says why there is no value. Figures keep the
    order in which they came within section, cohort, outcome, measure and days.

    Raises ReleaseRefused where two estimates claim one place, where a value is not finite, and
    where nothing says how a measure is rounded or how many children it comes from.
    """
    held = tuple(estimates)
    _refuse_twins(held)
    arms = Arms.of(held, policy)
    figures = withhold_more(tuple(_figure(estimate, policy, arms) for estimate in held))
    return Release(
        body=body,
        quarter=quarter,
        snapshot=snapshot,
        plan=plan,
        claim_quarter=claim_quarter,
        policy=asdict(policy),
        versions=dict(versions),
        made_on=made_on,
        figures=tuple(sorted(figures, key=_order)),
        claiming=claiming or Claiming(),
        report=report,
        provider=provider,
        withheld_children=share_of_children(held, figures),
    )


def _figure(estimate: Estimate, policy: Policy, arms: Arms) -> Figure:
    bare = _bare(estimate)
    for item in (estimate.value, estimate.low, estimate.high):
        _finite(item, estimate)
    if estimate.unit == "returns":  # whether a return has come says nothing about a child
        return replace(bare, value=estimate.value)
    scale = _scale(estimate)
    if reason := _withheld(estimate, scale, policy, arms):
        return replace(bare, withheld=reason)
    rounded = replace(
        bare,
        children=rounded_count(estimate.children, policy),
        of=rounded_count(estimate.of, policy),
        events=rounded_count(estimate.events, policy),
    )
    if estimate.value is None:
        return rounded
    if reason := _without_value(estimate, scale, policy, arms):
        return replace(rounded, why_not=reason)
    value, low, high = on_grid(estimate, scale, policy, arms)
    if scale in {"share", "curve"} and value in {0.0, 1.0} and not policy.tells_all:
        return replace(rounded, why_not="all_or_none")
    return replace(rounded, value=value, low=low, high=high)


def _scale(estimate: Estimate) -> Scale:
    value = estimate.value
    if estimate.measure in SCALES:
        return SCALES[estimate.measure]
    if value is None:
        return "count"
    if estimate.of is not None and 0 <= value <= 1:
        return "share"
    if value in {estimate.children, estimate.events}:
        return "count"
    raise ReleaseRefused(
        _(
            "Nothing says how the figure {figure} is rounded. Give its measure a scale in "
            "evaluation/disclosure/policy.py.",
            figure=_place(estimate),
        )
    )


def _withheld(estimate: Estimate, scale: Scale, policy: Policy, arms: Arms) -> str | None:
    """Why nothing of this figure may leave, if that is so."""
    if scale == "curve" and (estimate.children or 0) < policy.fewest_at_risk:
        return "few_at_risk"
    counts: list[float | None] = [estimate.children, estimate.events, estimate.with_events]
    if estimate.unit != "records":
        counts.append(estimate.of)
    if scale == "count":
        counts.append(estimate.value)
    if any(policy.few(count) for count in counts):
        return "few_children"
    if estimate.group == CONTRAST and arms.small(estimate):
        return "small_arm"  # its counts less the other side's would give the small one away
    if estimate.value is not None and scale != "count":
        return _gives_away(estimate, scale, policy, arms) or _complement(estimate, policy)
    return _complement(estimate, policy)


def _gives_away(estimate: Estimate, scale: Scale, policy: Policy, arms: Arms) -> str | None:
    """Why a value that is not a count may not leave: too few children stand behind it."""
    if estimate.unit == "records" and estimate.children is None:
        return None  # records of no child, such as sessions
    base = arms.base(estimate)
    if base is None:
        raise ReleaseRefused(
            _(
                "Nothing says how many children the figure {figure} comes from. Give the "
                "estimate its children, or its cohort a figure ‘children’ for each arm.",
                figure=_place(estimate),
            )
        )
    if base < policy.fewest_children:
        return "few_children"
    if scale in {"share", "curve"} and estimate.value is not None and not is_plain(estimate):
        # A weighted share tells a count, and what is left over another; neither may be 1 to 7,
        # on the true base or on the rounded one that the reader sees.
        for size in (base, policy.count(base)):
            if policy.few(estimate.value * size):
                return "few_children"
            if policy.few((1 - estimate.value) * size):
                return "complement"
    return None


def _complement(estimate: Estimate, policy: Policy) -> str | None:
    """A part is withheld with its rest: `of` less `children` would give the rest away.

    The `events` of a share are the children who had one, unweighted; its rest are the others.
    """
    if estimate.unit != "children" or estimate.children is None:
        return None
    if estimate.of is not None:
        return "complement" if policy.few(estimate.of - estimate.children) else None
    if SCALES.get(estimate.measure) == "share" and estimate.events is not None:
        return "complement" if policy.few(estimate.children - estimate.events) else None
    return None


def _without_value(estimate: Estimate, scale: Scale, policy: Policy, arms: Arms) -> str | None:
    """Why the value alone must stay back: there is no percentage of a small base."""
    if scale not in {"share", "curve", "filled", "share_of_days", "points"}:
        return None
    base = estimate.of if scale == "filled" else arms.base(estimate)
    return "small_base" if policy.count(base or 0) < policy.percentage_base else None


def _finite(value: float | None, estimate: Estimate) -> None:
    if value is not None and not isfinite(value):
        raise ReleaseRefused(
            _(
                "The figure {figure} is not a number. Leave its value out, and say why in why_not.",
                figure=_place(estimate),
            )
        )


def _bare(estimate: Estimate) -> Figure:
    """The figure's place and standing, without a number."""
    return Figure(
        section=estimate.section,
        measure=estimate.measure,
        group=estimate.group,
        cohort=estimate.cohort,
        outcome=estimate.outcome,
        days=estimate.days,
        unit=estimate.unit,
        children=None,
        of=None,
        events=None,
        value=None,
        low=None,
        high=None,
        confidence=estimate.confidence,
        method=estimate.method,
        design_level=estimate.design_level,
        unmet=estimate.unmet,
        role=estimate.role,
        withheld=None,
        why_not=estimate.why_not,
    )


def _refuse_twins(estimates: tuple[Estimate, ...]) -> None:
    for place, times in Counter(map(_place, estimates)).items():
        if times > 1:
            raise ReleaseRefused(
                _("{times} figures claim one place: {figure}.", times=times, figure=place)
            )


def _place(estimate: Estimate) -> str:
    parts = (
        estimate.section, estimate.cohort, estimate.outcome, estimate.measure, estimate.group,
        None if estimate.days is None else f"{estimate.days}d",
    )  # fmt: skip
    return "/".join(part for part in parts if part)


def _order(figure: Figure) -> tuple[str, str, str, str, int]:
    return (
        figure.section,
        figure.cohort or "",
        figure.outcome or "",
        figure.measure,
        -1 if figure.days is None else figure.days,
    )
