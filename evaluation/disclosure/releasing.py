"""From estimates to a release: each figure is rounded or withheld, in sight of all the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from math import isfinite
from types import MappingProxyType

from evaluation.disclosure.arms import Arms
from evaluation.disclosure.earlier import Drafts, Left
from evaluation.disclosure.grids import on_grid, rounded_count
from evaluation.disclosure.policy import SCALES, Policy, Scale
from evaluation.disclosure.relations import Place, Relation, is_of, place_of, wholes
from evaluation.disclosure.secondary import (
    Sight,
    refuse_if_open,
    with_what_they_tell,
    withhold_more,
)
from evaluation.disclosure.shares import silent, with_other_side
from evaluation.disclosure.thresholds import spelt, withheld
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
    relations: Iterable[Relation] = (),
    earlier: Mapping[str, Left] = MappingProxyType({}),
) -> Release:
    """Put every estimate on the policy's grid, or withhold it with a reason.

    First what a figure gives away by itself (`thresholds`), then what it would give away with the
    others and with `earlier` public releases, by the `relations` between their counts: as many
    more figures are withheld as it takes. Last, everything that would be known is given to the
    attacker once more.

    Thresholds are of distinct children, never of episodes. A figure that is withheld carries no
    number at all, and nothing that hangs on one (`silent`). Where only the value must stay back
    (a percentage of a small base, 0% or 100%), the rounded counts remain and `why_not` says why
    there is no value. Figures keep the order in which they came within section, cohort, outcome,
    measure and days.

    Raises ReleaseRefused where two estimates claim one place, where a value is not finite, where
    nothing says how a measure is rounded or how many children it comes from, and where it cannot
    be shown that a withheld count stays unknown, whatever else is withheld.
    """
    held = tuple(estimates)
    _refuse_twins(held)
    arms = Arms.of(held, policy)
    related = tuple(relations)
    every = wholes(related)
    figures = with_other_side(tuple(_figure(estimate, policy, arms, every) for estimate in held))
    if not policy.tells_all:
        figures = _nothing_to_work_out(held, figures, policy, related, earlier)
    figures = tuple(each if each.withheld is None else silent(each) for each in figures)
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


def _nothing_to_work_out(
    estimates: tuple[Estimate, ...],
    figures: tuple[Figure, ...],
    policy: Policy,
    relations: tuple[Relation, ...],
    earlier: Mapping[str, Left],
) -> tuple[Figure, ...]:
    """The figures, as many more of them withheld as it takes for no withheld count to be known."""
    drafts: Drafts = {
        place_of(estimate): draft
        for estimate, draft in zip(estimates, zip(estimates, figures, strict=True), strict=True)
    }
    own = tuple(each for each in relations if is_of(each, {""}))
    sight = Sight.of(drafts, own, policy)
    found = withhold_more(drafts, sight, reason="secondary")
    if earlier:
        sight = Sight.of(drafts, relations, policy, earlier)
        found = withhold_more(found, sight, reason="earlier_release")
    found = with_what_they_tell(found, relations)
    refuse_if_open(found, sight)
    return with_other_side(tuple(figure for _estimate, figure in found.values()))


def _figure(estimate: Estimate, policy: Policy, arms: Arms, every: frozenset[Place]) -> Figure:
    bare = _bare(estimate)
    for item in (estimate.value, estimate.low, estimate.high):
        _finite(item, estimate)
    if estimate.unit == "returns":  # whether a return has come says nothing about a child
        return replace(bare, value=estimate.value)
    scale = _scale(estimate)
    if reason := withheld(estimate, scale, policy, arms, every):
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
    if scale == "filled" and value in {low, high}:
        rounded = replace(rounded, events=None)  # an open share does not say how many it is open by
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
            figure=spelt(place_of(estimate)),
        )
    )


def _without_value(estimate: Estimate, scale: Scale, policy: Policy, arms: Arms) -> str | None:
    """Why the value alone must stay back: there is no percentage of a small base."""
    if scale not in {
        "share",
        "curve",
        "filled",
        "share_of_days",
        "points",
        "rate",
        "median",
        "limits",
    }:
        return None
    base = estimate.of if scale == "filled" else arms.base(estimate)
    return "small_base" if policy.count(base or 0) < policy.percentage_base else None


def _finite(value: float | None, estimate: Estimate) -> None:
    if value is not None and not isfinite(value):
        raise ReleaseRefused(
            _(
                "The figure {figure} is not a number. Leave its value out, and say why in why_not.",
                figure=spelt(place_of(estimate)),
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
    for place, times in Counter(map(place_of, estimates)).items():
        if times > 1:
            raise ReleaseRefused(
                _("{times} figures claim one place: {figure}.", times=times, figure=spelt(place))
            )


def _order(figure: Figure) -> tuple[str, str, str, str, int]:
    return (
        figure.section,
        figure.cohort or "",
        figure.outcome or "",
        figure.measure,
        -1 if figure.days is None else figure.days,
    )
