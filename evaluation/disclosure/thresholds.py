"""Primary rules: what a figure gives away by itself, whatever else is released."""

from __future__ import annotations

from evaluation.disclosure.arms import CONTRAST, Arms
from evaluation.disclosure.grids import is_plain
from evaluation.disclosure.knowing import is_of_no_child, part_of, rest_of_records
from evaluation.disclosure.policy import SCALES, Policy, Scale
from evaluation.disclosure.relations import Place, place_of
from evaluation.errors import ReleaseRefused
from evaluation.language import _
from evaluation.nouns import Estimate


def withheld(
    estimate: Estimate, scale: Scale, policy: Policy, arms: Arms, every: frozenset[Place]
) -> str | None:
    """Why nothing of this figure may leave, if that is so.

    `every` are the places of shares that are all of their base by definition.
    """
    if scale == "curve" and (estimate.children or 0) < policy.fewest_at_risk:
        return "few_at_risk"
    if scale == "filled":
        return _of_records(estimate, policy)
    counts: list[float | None] = [estimate.children, estimate.events, estimate.with_events]
    if estimate.unit != "records":
        counts.append(estimate.of)
    if scale == "count" and not is_of_no_child(estimate):
        counts.append(estimate.value)
    if any(policy.few(count) for count in counts):
        return "few_children"
    if estimate.group == CONTRAST and arms.small(estimate):
        return "small_arm"  # its counts less the other side's would give the small one away
    if _dominated(estimate, policy):
        return "dominance"
    by_value = None
    if estimate.value is not None and scale != "count":
        by_value = _gives_away(estimate, scale, policy, arms)
    return by_value or _none_or_all(estimate, policy, every) or _complement(estimate, policy)


def spelt(place: Place) -> str:
    """A place as a refusal names it."""
    *names, days = place
    section, cohort, outcome, measure, group = names
    parts = (section, cohort, outcome, measure, group, None if days is None else f"{days}d")
    return "/".join(part for part in parts if part)


def _of_records(estimate: Estimate, policy: Policy) -> str | None:
    """A share of records leaves open how few have it, or have not; but not how few children.

    So many records of so few children would be withheld, where a few records are not told apart
    from none.
    """
    heads = estimate.of if estimate.children is None and estimate.events is not None else None
    if policy.few(estimate.children) or policy.few(heads):
        return "few_children"
    if _dominated(estimate, policy):
        return "dominance"
    events, of = estimate.events, estimate.of
    if events is None or of is None:
        return None
    if not policy.few(events) and policy.few(estimate.with_events):
        return "few_children"
    if not policy.few(of - events) and policy.few(estimate.without_events):
        return "complement"
    return None


def _dominated(estimate: Estimate, policy: Policy) -> bool:
    """True where one child had more of the events than may be, so that they are about that child.

    So of the other records of a share, where they are not few and leave open whether there are any.
    """
    events, largest = estimate.events, estimate.largest_child_events
    if events and largest is not None and largest > policy.dominant * events:
        return True
    rest, most = rest_of_records(estimate), estimate.largest_child_rest
    if not rest or policy.few(rest) or most is None:
        return False
    return most > policy.dominant * rest


def _gives_away(estimate: Estimate, scale: Scale, policy: Policy, arms: Arms) -> str | None:
    """Why a value that is not a count may not leave: too few children stand behind it."""
    if estimate.unit == "records" and estimate.children is None:
        return None  # records of no child that is known, such as sessions and heads counted
    base = arms.base(estimate)
    if base is None:
        raise ReleaseRefused(
            _(
                "Nothing says how many children the figure {figure} comes from. Give the "
                "estimate its children, or its cohort a figure ‘children’ for each arm.",
                figure=spelt(place_of(estimate)),
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


def _none_or_all(estimate: Estimate, policy: Policy, every: frozenset[Place]) -> str | None:
    """A part that is none or all of its base says something of every child in it.

    It is withheld for the same reason as one of a few, or of all but a few, so that the reason
    does not tell which. A point of a curve is none at the start, by definition.
    """
    name = part_of(estimate)
    if policy.tells_all or name is None or not estimate.of or estimate.children is None:
        return None
    part = getattr(estimate, name)
    if part == 0:
        return "few_children"
    return "complement" if part == estimate.of and place_of(estimate) not in every else None


def _complement(estimate: Estimate, policy: Policy) -> str | None:
    """A part is withheld with its rest: the whole less the part would give the rest away.

    The `events` of a share are the children who had one, unweighted; its rest are the others. Of
    records, the rest and the children who had it count.
    """
    if estimate.children is None:
        return None
    rest: int | None = None
    if estimate.unit == "children" and estimate.of is not None:
        rest = estimate.of - estimate.children
    elif estimate.unit == "children" and SCALES.get(estimate.measure) == "share":
        rest = None if estimate.events is None else estimate.children - estimate.events
    elif estimate.unit == "records" and estimate.of is not None and estimate.events is not None:
        rest = estimate.of - estimate.events
        if policy.few(estimate.without_events):
            return "complement"
    return "complement" if policy.few(rest) else None
