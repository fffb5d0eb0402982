"""Time to the next episode: how many children have had none, fortnight by fortnight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analyses.plan import Plan
from analyses.quarterly.alike import ARMS, Drawn, figure, made_alike, numbers, of_group, weaknesses
from evaluation.estimating.bootstrap import Bootstrap, whole_child
from evaluation.estimating.survival import kaplan_meier
from evaluation.following import windowed
from evaluation.nouns import AtRisk, Cohort, Estimate

STEP_DAYS = 14


def figures(
    cohort: Cohort,
    at_risk: AtRisk,
    plan: Plan,
    *,
    unmet: tuple[str, ...],
    progress: Callable[[int, int], None] | None = None,
) -> list[Estimate]:
    """Kaplan-Meier curves of both arms in calendar days, and any episode within each window.

    All children count for as long as they were followed, with ATT weights fitted to all of
    them; so `any_episode` at a window's end is what the curve shows there. `children` of a
    point are those still followed and without an episode, unweighted. A window that is complete
    for fewer children than the plan's minimum in an arm has no value.
    """
    last = plan.windows_days[-1]
    times = windowed(at_risk, cohort, days=last, complete_only=False)
    children = times.drop(columns=["arm", "ended_by"]).merge(cohort.children, on="child_key")
    alike = made_alike(children, plan)
    if isinstance(alike, str):
        return risks(children, plan, alike)
    fortnights = range(0, last + 1, STEP_DAYS)
    drawn = whole_child(
        alike,
        counts={},
        times=times,
        at=sorted({*fortnights, *plan.windows_days}),
        replicates=plan.bootstrap_replicates,
        rng=np.random.default_rng([plan.seed, 0]),
        confidence=plan.confidence,
        progress=progress,
    )
    unmet = (*unmet, *weaknesses(alike, plan))
    return risks(children, plan, drawn, unmet) + points(children, plan, drawn, unmet, fortnights)


_RISKS: tuple[Drawn, ...] = (
    ("any_episode", "referred", "risk", "treated"),
    ("any_episode", "not_referred", "risk", "comparison"),
    ("any_episode_difference", "contrast", "risk_difference", "contrast"),
)


def risks(
    children: pd.DataFrame | None,
    plan: Plan,
    drawn: Bootstrap | str,
    unmet: tuple[str, ...] = (),
) -> list[Estimate]:
    """The share of each arm with any episode within each window, and the difference.

    `drawn` may be the reason for which there is nothing to tell: then each figure bears it.
    """
    return [
        replace(
            _compared(plan, children, group, days, unmet),
            measure=measure,
            **numbers(
                drawn
                if isinstance(drawn, str)
                else _unfinished(children, plan, days) or drawn.one(drawn_as, side, days)
            ),
        )
        for days in plan.windows_days
        for measure, group, drawn_as, side in _RISKS
    ]


_ALL = Estimate("", "free_of_episodes", value=1.0, low=1.0, high=1.0)
"""At time zero, by definition, no child has had an episode since."""


def points(
    children: pd.DataFrame,
    plan: Plan,
    drawn: Bootstrap,
    unmet: tuple[str, ...],
    days: Sequence[int],
) -> list[Estimate]:
    """The curves' points: the weighted share of each arm still without an episode."""
    told = []
    for arm, side in ARMS.items():
        own = children[children["arm"] == arm]
        point = replace(
            _compared(plan, children, arm, 0, unmet), measure="free_of_episodes", of=len(own)
        )
        counts = kaplan_meier(own["days_to_first"], own["any_event"], at=days, quantiles=())
        for count in counts:
            day = count.days or 0
            free = _ALL if day == 0 else _without(drawn.one("risk", side, day))
            told.append(
                replace(
                    point,
                    days=day,
                    children=count.children,
                    events=count.events,
                    **numbers(free),
                )
            )
    return told


def _without(risk: Estimate) -> Estimate:
    """The share without any, from that with."""
    if risk.value is None or risk.low is None or risk.high is None:
        return risk
    return replace(risk, value=1 - risk.value, low=1 - risk.high, high=1 - risk.low)


def _compared(
    plan: Plan, children: pd.DataFrame | None, group: str, days: int, unmet: tuple[str, ...]
) -> Estimate:
    """A figure of one arm, or of both, still without its measure and numbers."""
    own = of_group(children, group)
    return figure(
        measure="",
        group=group,
        days=days,
        children=None if own is None else len(own),
        events=None if own is None else int((own["first_event_day"] <= days).sum()),
        confidence=plan.confidence,
        method="kaplan_meier_att_bootstrap",
        design_level=3,
        unmet=unmet,
        role="secondary",
    )


def _unfinished(children: pd.DataFrame | None, plan: Plan, days: int) -> str | None:
    """'too_few_children' where too few of an arm have the window behind them."""
    if children is None:
        return "no_return"
    ends = children["time_zero"] + pd.Timedelta(days=days)
    complete = children.loc[ends <= children["data_end"], "arm"].value_counts()
    enough = all(complete.get(arm, 0) >= plan.minimum_children_per_arm for arm in ARMS)
    return None if enough else "too_few_children"
