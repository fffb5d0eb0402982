"""Whether what the estimators take for granted holds: dispersion, proportional hazards, dominance."""

from __future__ import annotations

import math
from functools import partial

import pandas as pd

from analyses.by_child import events_of
from analyses.plan import Plan
from analyses.quarterly.alike import ARMS, figure, numbers
from evaluation.errors import WrongUse
from evaluation.estimating.counts import overdispersion
from evaluation.estimating.cox import Cox
from evaluation.estimating.limits import CannotEstimate
from evaluation.estimating.weighting import Propensity
from evaluation.nouns import Estimate

ALL = "both_arms"
FIFTH = 0.2


def figures(children: pd.DataFrame, alike: Propensity | str, plan: Plan) -> list[Estimate]:
    """Of the children whose primary window is complete; see each function."""
    return [
        *dispersion(children, plan),
        *dominance(children, plan),
        *proportional(children, alike, plan),
    ]


def dispersion(children: pd.DataFrame, plan: Plan) -> list[Estimate]:
    """How much the numbers of episodes vary beyond chance, in each arm and in both together.

    mean_events   episodes for each child
    dispersion    alpha of a negative binomial: variance = mean + alpha mean^2; 0 is Poisson
    """
    told = []
    for group in (ALL, *ARMS):
        own = children if group == ALL else children[children["arm"] == group]
        found = overdispersion(own)
        for measure in ("mean_events", "dispersion"):
            one = found.one(measure)
            told.append(
                figure(
                    measure=measure, group=group, outcome=plan.outcome, days=plan.window_days,
                    children=len(own), **events_of(own["child_key"], own["events"]),
                    **numbers(one),
                )
            )  # fmt: skip
    return told


def dominance(children: pd.DataFrame, plan: Plan) -> list[Estimate]:
    """The share of an arm's episodes that the fifth of its children with most of them had."""
    told = []
    for arm in ARMS:
        events = children.loc[children["arm"] == arm, "events"].sort_values(ascending=False)
        most = math.ceil(FIFTH * len(events))
        total = int(events.sum())
        told.append(
            figure(
                measure="events_of_most_frequent_fifth", group=arm, outcome=plan.outcome,
                days=plan.window_days, unit="records", children=most, of=total,
                value=float(events.head(most).sum()) / total if total else None,
                why_not=None if total else "no_events",
            )
        )  # fmt: skip
    return told


def proportional(children: pd.DataFrame, alike: Propensity | str, plan: Plan) -> list[Estimate]:
    """Whether the hazard ratio to the next episode is the same early and late in the window.

        proportional_hazards_p   p of the score test (Grambsch and Therneau) of the weighted model;
                                 a small one speaks against one ratio for the whole window
        first_episode_hazard_ratio   of the whole window ('whole'), of its first half ('early'),
                                 and of its second, of children without an episode so far ('late')

    Weighted, errors by child; limits take the weights for known.
    """
    half = plan.window_days // 2
    own = partial(
        figure, outcome=plan.outcome, days=plan.window_days, children=len(children),
        method="weighted_cox_by_child", confidence=plan.confidence,
    )  # fmt: skip
    test = partial(own, measure="proportional_hazards_p", group="contrast")
    ratio = partial(own, measure="first_episode_hazard_ratio")
    if isinstance(alike, str):
        parts = ("whole", "early", "late")
        return [test(why_not=alike), *(ratio(group=part, why_not=alike) for part in parts)]
    rows = children.merge(alike.children[["child_key", "weight"]], on="child_key")
    rows = rows.assign(
        referred=(rows["arm"] == "referred").astype(float), start=0, stop=rows["days_to_first"]
    )
    rows = rows[rows["stop"] > 0]
    early = rows.assign(
        any_event=rows["any_event"].where(rows["stop"] <= half, 0),
        stop=rows["stop"].clip(upper=half),
    )
    late = rows[rows["stop"] > half].assign(start=half)
    p, whole = _cox(rows, plan)
    return [
        test(events=int(rows["any_event"].sum()), **_tested(p, whole)),
        *(
            ratio(
                group=part, events=int(used["any_event"].sum()),
                **numbers(found),
            )
            for part, used, found in (
                ("whole", rows, whole),
                ("early", early, _cox(early, plan)[1]),
                ("late", late, _cox(late, plan)[1]),
            )
        ),
    ]  # fmt: skip


def _tested(p: float | None, ratio: Estimate | str) -> dict[str, object]:
    if p is not None and math.isfinite(p):
        return {"value": p}
    reason = ratio if isinstance(ratio, str) else ratio.why_not
    return {"why_not": reason or "not_converged"}


def _cox(rows: pd.DataFrame, plan: Plan) -> tuple[float | None, Estimate | str]:
    """The p of the test of proportional hazards, and the hazard ratio; or why there is none."""
    if rows.empty:
        return None, "no_follow_up"
    try:
        fit = Cox.from_formula(
            "stop ~ referred", rows, event="any_event", start="start", weights="weight",
            cluster="child_key",
        ).fit(warn=False)  # fmt: skip
        if fit.endless:  # all of one arm before all of the other: no ratio, and nothing to test
            return None, "separation"
        p = float(fit.proportional_hazards_test()["p"].to_dict()["referred"])
        (value,), (se,) = fit.params.to_numpy(), fit.bse.to_numpy()
        ((low, high),) = fit.conf_int(alpha=1 - plan.confidence).to_numpy()  # type: ignore[no-untyped-call]
    except CannotEstimate as fault:
        return None, fault.why_not
    except WrongUse:
        return None, "not_converged"
    if not all(map(math.isfinite, (value, se, low, high))):
        return None, "not_converged"
    return p, Estimate(
        "", "hazard_ratio", value=math.exp(value), low=math.exp(low), high=math.exp(high), se=se
    )
