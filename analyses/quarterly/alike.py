"""Making the arms alike, or saying why that cannot be done; and what every comparison shares."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from analyses.plan import Plan
from evaluation.estimating.limits import CannotEstimate
from evaluation.estimating.two_arms import Group, Measure
from evaluation.estimating.weighting import Propensity, propensity
from evaluation.nouns import Estimate

ARMS: Mapping[str, Group] = {"referred": "treated", "not_referred": "comparison"}
"""Our arms, and what the estimators call them."""

Drawn: TypeAlias = tuple[str, str, Measure, Group]
"""A figure that the bootstrap draws: our measure and group, and the bootstrap's."""

IMBALANCED = 0.1
"""A standardised mean difference above this is called imbalance (Austin 2009, doi:10.1002/sim.3697)."""


FAR_APART = 0.25
"""Beyond this, and beyond chance, the arms are too unlike for weights to be trusted (Rubin 2001,
doi:10.1023/A:1020363010465; docs/decisions/0012-large-imbalance.md)."""

LARGE_PART = 0.2
"""The part of an arm's events from which on a single child's is called large. Where counts vary as
the plan supposes, the largest child of 60 has about an eighth."""

figure = partial(Estimate, section="re_missing", cohort="discussed", outcome="re_missing")
"""A figure of this comparison."""


def made_alike(children: pd.DataFrame, plan: Plan) -> Propensity | str:
    """ATT weights for `children`, or the reason for which the arms cannot be compared.

    One row of `children` is one child: child_key, arm, events and the plan's covariates. The
    reasons: 'no_comparison' (an arm is empty), 'too_few_children' (fewer than the plan's minimum
    in an arm), 'no_events' (not one in either arm), 'not_converged'.
    """
    sizes = [int((children["arm"] == arm).sum()) for arm in ARMS]
    if not min(sizes):
        return "no_comparison" if max(sizes) else "no_follow_up"
    if min(sizes) < plan.minimum_children_per_arm:
        return "too_few_children"
    if not children["events"].sum():
        return "no_events"
    try:
        return propensity(
            modelled(children),
            plan.covariates,
            treated="referred",
            events_per_parameter=plan.events_per_parameter,
        )
    except CannotEstimate as fault:
        return fault.why_not


def modelled(children: pd.DataFrame) -> pd.DataFrame:
    """The children as the models see them: numbers of earlier episodes as log(1 + n).

    A child with 40 episodes is more like one with 20 than 20 is like none; counted plainly, the
    few with very many would get nearly all the weight.
    """
    counts = ["episodes_90", "episodes_365"]
    return children.assign(**{name: np.log1p(children[name].astype(float)) for name in counts})


def weaknesses(alike: Propensity, plan: Plan) -> tuple[str, ...]:
    """Codes for what the weighting could not mend.

    'large_imbalance' is a difference above 0.25 that chance does not explain; whatever else is
    above 0.1 is 'imbalance'.
    """
    few = alike.effective_sample_size < plan.minimum_children_per_arm
    left_out = any(each.why in {"too_few_events", "separation"} for each in alike.dropped)
    far_apart = alike.largest_imbalance_beyond_chance > FAR_APART
    return (
        ("few_children",) * few
        + ("covariates_left_out",) * left_out
        + ("imbalance",) * (alike.largest_imbalance_after > IMBALANCED and not far_apart)
        + ("large_imbalance",) * far_apart
    )


def leaning(children: pd.DataFrame) -> tuple[str, ...]:
    """'carried_by_few' where one child had a fifth or more of the events of its arm.

    The sentence for it names no child and no number: how much one child had must not leave.
    """
    by_arm = children.groupby("arm")["events"]
    return ("carried_by_few",) * bool(
        (by_arm.max() >= LARGE_PART * by_arm.sum().clip(lower=1)).any()
    )


def numbers(found: Estimate | str) -> dict[str, Any]:
    """The value and its limits as found; or the reason why not, and then no number.

    A value whose limits could not be found is not told either.
    """
    if isinstance(found, str):
        return {"value": None, "low": None, "high": None, "se": None, "why_not": found}
    if found.why_not is not None:
        return numbers(found.why_not)
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "se": found.se,
        "why_not": None,
    }


def of_group(children: pd.DataFrame | None, group: str) -> pd.DataFrame | None:
    """The children whom a figure is about: an arm, or both where it compares them."""
    if children is None or group == "contrast":
        return children
    return children[children["arm"] == group]


def role(plan: Plan, days: int) -> Literal["primary", "secondary"]:
    """The primary window answers the question; the others are beside it."""
    return "primary" if days == plan.window_days else "secondary"
