"""Holding figures to the plan: what it named beforehand keeps its role, the rest is exploratory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analyses.outcomes import OUTCOMES
from analyses.plan import Plan, departures
from evaluation.disclosure.policy import SCALES
from evaluation.nouns import Estimate

ANSWERS = frozenset({"primary", "co_primary", "secondary", "sensitivity"})
"""The roles of figures that answer the plan's question. Descriptions and monitoring describe what
is there; they carry no claim under any plan."""

DEPARTS = "departs_from_plan"
BETWEEN = "="
"""What parts a sub-group's name from its answer in a figure's group: 'sex=female'."""


def stamped(
    estimates: Iterable[Estimate], plan: Plan, registered: Plan | None = None
) -> tuple[Estimate, ...]:
    """The figures in the roles that the plan gives them, in their order.

    A figure of the plan's second main cohort (`co_primary`) and primary window is 'co_primary'.
    'exploratory', with `unmet` 'departs_from_plan', are

    - of what the plan has a say in (its cohorts, and whatever has a file in analyses/outcomes),
      every answer, and every figure of an outcome in a cohort, where the plan itself departs
      from the one that was registered (the project's own, unless it is given);
    - an answer for an outcome, a window or a sub-group that the plan does not name, and one that
      calls itself primary and is not. A point along a curve is no window; sensitivity analyses
      have windows of their own, and outcomes that vary the plan's: it names them by their file.

    Stamping twice is stamping once.
    """
    changed = bool(departures(plan, registered))
    return tuple(_stamped(estimate, plan, changed=changed) for estimate in estimates)


def _stamped(estimate: Estimate, plan: Plan, *, changed: bool) -> Estimate:
    if not _is_the_plans(estimate, plan):
        return estimate
    in_cohort = estimate.cohort is not None and estimate.outcome is not None
    if changed and (estimate.role in ANSWERS or in_cohort):
        return _exploratory(estimate)
    if estimate.role not in ANSWERS:
        return estimate
    if not _named(estimate, plan):
        return _exploratory(estimate)
    if _is_main(estimate, plan) and estimate.cohort in plan.co_primary[1:]:
        return replace(estimate, role="co_primary")
    if estimate.role == "co_primary" or (
        estimate.role == "primary"
        and not (_is_main(estimate, plan) and estimate.cohort == plan.co_primary[0])
    ):
        return _exploratory(estimate)
    return estimate


def _is_the_plans(estimate: Estimate, plan: Plan) -> bool:
    """Whether the plan has a say: in its cohorts, in outcomes of children, in what may claim.

    What is told of a service's work, or of notifications, is asked by no plan.
    """
    return (
        estimate.cohort in plan.co_primary
        or estimate.outcome in OUTCOMES
        or estimate.role in {"primary", "co_primary"}
    )


def _named(estimate: Estimate, plan: Plan) -> bool:
    """Whether the plan names the figure's outcome, its window and its sub-group."""
    name, between, _answer = estimate.group.partition(BETWEEN)
    return (
        (
            estimate.outcome is None
            or estimate.outcome in plan.outcomes
            or _varies_the_plans(estimate, plan)
        )
        and (not between or name in plan.sub_groups)
        and (
            estimate.role == "sensitivity"
            or estimate.days is None
            or estimate.days in plan.windows_days
            or SCALES.get(estimate.measure) == "curve"
        )
    )


def _varies_the_plans(estimate: Estimate, plan: Plan) -> bool:
    """Whether its outcome is the plan's own, changed by a sensitivity analysis that the plan names.

    Such an outcome has the plan's name in front of its own: 're_missing_medium_high'.
    """
    name = estimate.outcome or ""
    return (
        estimate.role == "sensitivity"
        and name.startswith(f"{plan.outcome}_")
        and name not in OUTCOMES
    )


def _is_main(estimate: Estimate, plan: Plan) -> bool:
    """Whether it is of the primary outcome in the primary window and of all children."""
    return (
        estimate.role in {"primary", "co_primary", "secondary"}
        and (estimate.outcome, estimate.days) == (plan.outcome, plan.window_days)
        and BETWEEN not in estimate.group
        and SCALES.get(estimate.measure) != "curve"
    )


def _exploratory(estimate: Estimate) -> Estimate:
    others = tuple(code for code in estimate.unmet if code != DEPARTS)
    return replace(estimate, role="exploratory", unmet=(*others, DEPARTS))
