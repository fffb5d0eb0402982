"""One window's result: what could have been seen, then the rates and what they differ by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from analyses.by_child import events_of
from analyses.plan import Plan
from analyses.quarterly.alike import (
    ARMS,
    Drawn,
    figure,
    leaning,
    made_alike,
    modelled,
    numbers,
    of_group,
    role,
    weaknesses,
)
from evaluation.estimating.bootstrap import Bootstrap, whole_child
from evaluation.estimating.counts import rate_ratio_adjusted
from evaluation.estimating.power import minimum_detectable_rate_ratio
from evaluation.estimating.weighting import Propensity
from evaluation.following import windowed
from evaluation.nouns import AtRisk, Cohort, Estimate


def figures(
    cohort: Cohort,
    at_risk: AtRisk,
    plan: Plan,
    *,
    days: int,
    unmet: tuple[str, ...],
    progress: Callable[[int, int], None] | None = None,
) -> list[Estimate]:
    """The figures of one window, from the children whose window is complete.

    The arms are made alike within those children: each child who was not referred counts by its
    odds of having been referred (ATT). Intervals are of whole children drawn again, the weights
    fitted afresh each time; the seed is the plan's, and the window's own.
    """
    children = complete(cohort, at_risk, days)
    alike = made_alike(children, plan)
    told = [detectable(children, alike, plan, days), *removed(children, days)]
    if days == plan.window_days:
        told += balance(children, alike, days)
    if isinstance(alike, str):
        return [*told, *rates(children, plan, days, alike), by_model(children, plan, days, alike)]
    drawn = whole_child(
        alike,
        counts={days: children},
        replicates=plan.bootstrap_replicates,
        rng=np.random.default_rng([plan.seed, days]),
        confidence=plan.confidence,
        progress=progress,
    )
    unmet = (*unmet, *weaknesses(alike, plan), *leaning(children))
    return [
        *told,
        *rates(children, plan, days, drawn, unmet),
        by_model(children, plan, days, unmet=unmet),
    ]


def no_figures(plan: Plan, days: int) -> list[Estimate]:
    """The window's figures where the returns for them have not come."""
    return [*rates(None, plan, days, "no_return"), by_model(None, plan, days, "no_return")]


def complete(cohort: Cohort, at_risk: AtRisk, days: int) -> pd.DataFrame:
    """The children whose `days` are complete on record, with their covariates.

    One row is one child: events, days_at_risk and followed_days within the window. A child who
    turned 18 or left within it stays, followed to that day; one whose returns stopped does not.
    """
    children = windowed(at_risk, cohort, days=days, complete_only=True)
    children = children.drop(columns=["arm", "ended_by"]).merge(cohort.children, on="child_key")
    return children[children["time_zero"] + pd.Timedelta(days=days) <= children["data_end"]]


def detectable(children: pd.DataFrame, alike: Propensity | str, plan: Plan, days: int) -> Estimate:
    """The smallest effect that this many children could show, from planning values alone.

    `low` is the ratio that could be seen where there are fewer episodes, `high` where more; the
    comparison arm counts by its effective number, which the weights make smaller.
    """
    detected = partial(
        figure,
        measure="minimum_detectable_rate_ratio",
        group="contrast",
        days=days,
        children=len(children),
        method="planning_values",
    )
    sizes = children["arm"].value_counts()
    referred, others = int(sizes.get("referred", 0)), float(sizes.get("not_referred", 0))
    if not referred or not others:
        return detected(why_not="no_comparison")
    found = minimum_detectable_rate_ratio(
        referred,
        others if isinstance(alike, str) else alike.effective_sample_size,
        mean_events=plan.episodes_per_100_child_days * days / 100,
        dispersion=plan.dispersion,
        power=plan.power,
        alpha=1 - plan.confidence,
    ).one()
    return detected(value=found.value, low=found.low, high=found.high)


def balance(children: pd.DataFrame, alike: Propensity | str, days: int) -> list[Estimate]:
    """How alike the arms are, before and after weighting, in the window's children."""
    others = int((children["arm"] == "not_referred").sum())
    if isinstance(alike, str):
        values: dict[str, float | None] = dict.fromkeys(
            ("effective_children", "largest_imbalance_before", "largest_imbalance_after")
        )
    else:
        values = {
            "effective_children": alike.effective_sample_size,
            "largest_imbalance_before": alike.largest_imbalance_before,
            "largest_imbalance_after": alike.largest_imbalance_after,
        }
    return [
        figure(
            measure=measure,
            group="not_referred" if measure == "effective_children" else "contrast",
            days=days,
            children=others if measure == "effective_children" else len(children),
            value=value,
            why_not=alike if isinstance(alike, str) else None,
        )
        for measure, value in values.items()
    ]


def removed(children: pd.DataFrame, days: int) -> list[Estimate]:
    """The share of each arm's days on which a child was missing or away, and so not at risk."""
    told = []
    for arm in ARMS:
        own = children[children["arm"] == arm]
        followed = float(own["followed_days"].sum())
        at_risk = float(own["days_at_risk"].sum())
        told.append(
            figure(
                measure="days_not_at_risk",
                group=arm,
                days=days,
                children=len(own),
                value=(followed - at_risk) / followed if followed else None,
                why_not=None if followed else "no_follow_up",
            )
        )
    return told


_RATES: tuple[Drawn, ...] = (
    ("episodes_per_100_child_days", "referred", "rate", "treated"),
    ("episodes_per_100_child_days", "not_referred", "rate", "comparison"),
    ("rate_ratio", "contrast", "rate_ratio", "contrast"),
    ("episodes_per_100_children", "contrast", "difference_per_100", "contrast"),
    ("unadjusted_rate_ratio", "contrast", "unadjusted_rate_ratio", "contrast"),
)


def rates(
    children: pd.DataFrame | None,
    plan: Plan,
    days: int,
    drawn: Bootstrap | str,
    unmet: tuple[str, ...] = (),
) -> list[Estimate]:
    """The weighted rate of each arm, their ratio and difference, and the ratio unadjusted.

    `drawn` may be the reason for which there is nothing to tell: then each figure bears it.
    """
    return [
        replace(
            _compared(plan, days, children, group, unmet),
            measure=measure,
            role="sensitivity" if measure.startswith("unadjusted") else role(plan, days),
            method="bootstrap" if measure.startswith("unadjusted") else "att_weights_bootstrap",
            **numbers(drawn if isinstance(drawn, str) else drawn.one(drawn_as, side, days)),
        )
        for measure, group, drawn_as, side in _RATES
    ]


def by_model(
    children: pd.DataFrame | None,
    plan: Plan,
    days: int,
    why_not: str | None = None,
    unmet: tuple[str, ...] = (),
) -> Estimate:
    """The ratio from a negative binomial model with the covariates: another road, as a check.

    It needs no weights, but assumes that one ratio holds for every child.
    """
    ratio = replace(
        _compared(plan, days, children, "contrast", unmet),
        measure="negative_binomial_rate_ratio",
        role="sensitivity",
        method="negative_binomial",
    )
    if children is None or why_not:
        return replace(ratio, why_not=why_not)
    fit = rate_ratio_adjusted(
        modelled(children),
        plan.covariates,
        treated="referred",
        events_per_parameter=plan.events_per_parameter,
        confidence=plan.confidence,
    )
    return replace(ratio, **numbers(fit.one("rate_ratio")))


def _compared(
    plan: Plan, days: int, children: pd.DataFrame | None, group: str, unmet: tuple[str, ...]
) -> Estimate:
    """A figure of one arm, or of both, still without its measure and numbers."""
    own = of_group(children, group)
    return figure(
        measure="",
        group=group,
        days=days,
        children=None if own is None else len(own),
        **({} if own is None else events_of(own["child_key"], own["events"])),
        confidence=plan.confidence,
        design_level=3,
        unmet=unmet,
    )
