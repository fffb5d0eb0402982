"""The same question by every other road: all of the folder `analyses/sensitivity`."""

from __future__ import annotations

from collections.abc import Callable

from analyses.plan import Plan
from analyses.quarterly.alike import figure
from analyses.sensitivity import SENSITIVITY
from evaluation.errors import MissingTable
from evaluation.estimating.limits import CannotEstimate
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot


def figures(
    cohort: Cohort,
    at_risk: AtRisk,
    snapshot: Snapshot,
    plan: Plan,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[Estimate]:
    """The figures of every file, in the order of their names.

    A file that cannot be run at all is a figure 'not_made' with its name for `group`, and the
    reason: one road that is closed closes no other.
    """
    told = []
    for done, (name, make) in enumerate(SENSITIVITY.items(), start=1):
        try:
            told += make(cohort, at_risk, snapshot, plan)
        except (CannotEstimate, MissingTable) as fault:
            told.append(
                figure(
                    measure="not_made", group=name, outcome=plan.outcome, role="sensitivity",
                    why_not=getattr(fault, "why_not", "no_return"),
                )
            )  # fmt: skip
        if progress is not None:
            progress(done, len(SENSITIVITY))
    return told
