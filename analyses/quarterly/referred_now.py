"""Referred now against not referred (yet): sequential trials, beside the comparison by first meetings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from analyses.outcomes import OUTCOMES
from analyses.plan import Plan
from analyses.quarterly.alike import ARMS, IMBALANCED, modelled, numbers
from analyses.recording import definition_changed
from analyses.snapshots import table, told_without_a_gap
from analyses.time_away import time_away, told_throughout
from analyses.trials import Trials, numbered, sequential_trials
from analyses.unreferred import unreferred
from evaluation.errors import MissingTable
from evaluation.estimating.censoring_weights import Staying, censoring_weights
from evaluation.estimating.limits import CannotEstimate
from evaluation.estimating.resampling import Resampled
from evaluation.estimating.sequential_trials import sequential_trials as compared
from evaluation.estimating.weighting import Propensity, propensity
from evaluation.following import at_risk_table
from evaluation.nouns import AtRisk, Estimate, Role, Snapshot

figure = partial(Estimate, section="re_missing", cohort="referred_now")
"""A figure of the sequential trials."""

_GROUPS = {"treated": "referred", "comparison": "not_referred", "contrast": "contrast"}
_MEASURES = {
    ("rate", "treated"): "episodes_per_100_child_days",
    ("rate", "comparison"): "episodes_per_100_child_days",
    ("rate_ratio", "contrast"): "rate_ratio",
    ("difference_per_100", "contrast"): "episodes_per_100_children",
    ("weighted_rate_ratio", "contrast"): "weighted_rate_ratio",
    ("modelled_rate_ratio", "contrast"): "modelled_rate_ratio",
}

REPLICATES = 499
"""Draws at the most: the model of what was to come is fitted anew in each."""

CHECKS = ("weighted_rate_ratio", "modelled_rate_ratio")
"""The same ratio by one half of the method alone."""

KEPT_WHOLE = 0.5
"""Weights of staying above this quantile of theirs are set to it. A child that stays although hardly
any like it does would otherwise outweigh the model that it is to mend; measured in
docs/decisions/0011-referred-now.md."""

FEW_STAY = 0.4
"""The share of the comparison's trials that a later referral cut short, above which too few of the
children most likely to be referred stay for anything to stand for them but the model."""


def figures(
    snapshot: Snapshot,
    plan: Plan,
    *,
    outcome: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Estimate]:
    """The trials, what became of them, and in each window the rates, their ratio and difference.

    Limits are of whole children drawn again with all their trials. The ratio is of children
    referred now over like children who are not referred at all within the window (censored where
    they are; who stay stand for them). Without a return that it needs every figure says
    'no_return'.
    """
    asked = outcome or plan.outcome
    try:
        trials = sequential_trials(snapshot, plan)
        at_risk = followed(trials, asked, snapshot)
    except MissingTable:
        return _no_figures(plan, asked, "no_return")
    unmet = tuple(_unmet(snapshot, at_risk))
    told = [*_flow(trials, asked), *_arms(trials, asked)]
    staying, alike, why_not = models(trials, at_risk, plan)
    found = None
    if alike:
        found = compared(
            engine_trials(trials),
            trial_rows(trials, at_risk),
            record=unreferred(asked, snapshot, plan),
            alike=alike,
            staying=staying,
            truncate=KEPT_WHOLE,
            replicates=min(plan.bootstrap_replicates, REPLICATES),
            rng=np.random.default_rng([plan.seed, 1]),
            confidence=plan.confidence,
            progress=progress,
        )
    for days in (plan.window_days, *plan.secondary_windows):
        if found is None or days in why_not:
            told += _no_window(plan, asked, days, why_not.get(days, "no_comparison"))
        else:
            changed = definition_changed(complete(trials, days), snapshot, plan, days=days)
            told += _window(
                found, alike[days], plan, outcome=asked, days=days, unmet=(*unmet, *changed)
            )
    return told


def role(plan: Plan) -> Role:
    """Of every answer here: 'sensitivity', unless the plan names this cohort as a main one.

    Then 'secondary', of which `stamping` makes the primary window's the other main figure.
    """
    return "secondary" if "referred_now" in plan.co_primary else "sensitivity"


def followed(trials: Trials, outcome: str, snapshot: Snapshot) -> AtRisk:
    """The time at risk of each child of a trial, from its first one on to the end of its last."""
    children = trials.trials.groupby("child_key", as_index=False).agg(
        time_zero=("time_zero", "min"), followed_to=("followed_to", "max")
    )
    what = OUTCOMES[outcome]
    for form in what.needs:
        table(snapshot, form)
    return at_risk_table(children, what.events(snapshot), away=time_away(snapshot))


def trial_rows(trials: Trials, at_risk: AtRisk) -> pd.DataFrame:
    """Days at risk and episodes of each trial since its own day 0: trial, start, stop, events."""
    rows = at_risk.rows.rename(columns={"time_zero": "first"}).drop(columns=["arm", "ended_by"])
    own = trials.trials[["trial", "child_key", "time_zero", "followed_to"]].merge(
        rows, on="child_key"
    )
    since = (own["time_zero"] - own["first"]).dt.days
    last = (own["followed_to"] - own["time_zero"]).dt.days
    start, stop = (own["start"] - since).clip(lower=0), own["stop"] - since
    events = own["events"].where(stop <= last, 0)
    made = own[["trial"]].assign(start=start, stop=stop.clip(upper=last), events=events)
    return made[made["stop"] > made["start"]].reset_index(drop=True)


def engine_trials(trials: Trials) -> pd.DataFrame:
    """The trials as the estimator takes them: days as whole numbers."""
    own = trials.trials
    return own[["trial", "child_key"]].assign(
        zero=numbered(own["time_zero"]),
        censored_on=(own["referred_on"] - own["time_zero"]).dt.days,
        until=(own["turns"] - own["time_zero"]).dt.days,
        seen_to=(own["followed_to"] - own["time_zero"]).dt.days,
    )


def models(
    trials: Trials, at_risk: AtRisk, plan: Plan
) -> tuple[Staying, dict[int, Propensity], dict[int, str]]:
    """What moves later referral, what moves referral now (by window), and why a window has none."""
    moments = modelled(trials.moments.rename(columns={"on": "known_on"}))
    staying = censoring_weights(
        moments.assign(day=numbered(moments["by"])),
        plan.covariates,
        events_per_parameter=plan.events_per_parameter,
    )
    rows = trial_rows(trials, at_risk)
    alike: dict[int, Propensity] = {}
    why_not: dict[int, str] = {}
    for days in plan.windows_days:
        own = complete(trials, days)
        events = int(rows.loc[rows["trial"].isin(own["trial"]), "events"].sum())
        made = _alike(own, events, plan)
        if isinstance(made, str):
            why_not[days] = made
        else:
            alike[days] = made
    return staying, alike, why_not


def complete(trials: Trials, days: int) -> pd.DataFrame:
    """The trials whose `days` are complete, in the returns of episodes and of referrals alike."""
    own = trials.trials
    ends = own["time_zero"] + pd.Timedelta(days=days)
    return own[(ends <= own["data_end"]) & (ends <= own["told_to"])]


def _alike(own: pd.DataFrame, events: int, plan: Plan) -> Propensity | str:
    children = own.groupby("arm")["child_key"].nunique().reindex(list(ARMS)).fillna(0)
    if not children.min():
        return "no_comparison" if children.max() else "no_follow_up"
    if children.min() < plan.minimum_children_per_arm:
        return "too_few_children"
    if not events:
        return "no_events"
    try:
        return propensity(
            modelled(own.assign(child_key=own["trial"])),
            plan.covariates,
            treated="referred",
            events_per_parameter=plan.events_per_parameter,
        )
    except CannotEstimate as fault:
        return fault.why_not


def _unmet(snapshot: Snapshot, at_risk: AtRisk) -> list[str]:
    unmet = ["unmeasured_confounding", "informative_censoring"]
    if not (at_risk.away_removed and told_throughout(snapshot)):
        unmet.append("time_away_not_removed")
    forms = ("meeting_decisions", "st_giles_referrals")
    if not all(told_without_a_gap(snapshot, form) for form in forms):
        unmet.append("returns_missing")
    return unmet


def _flow(trials: Trials, outcome: str) -> list[Estimate]:
    """The meetings with a child that are trials, those left out and why."""
    return [
        figure(
            measure="flow", group=step.reason, outcome=outcome, unit="records", value=float(step.children),
            children=trials.flow_children[step.reason],
        )
        for step in trials.flow
    ]  # fmt: skip


def _arms(trials: Trials, outcome: str) -> list[Estimate]:
    """The distinct children of each arm, and their trials. A child may be in both arms."""
    told = []
    for arm in ARMS:
        own = trials.trials[trials.trials["arm"] == arm]
        children = int(own["child_key"].nunique())
        known = partial(figure, group=arm, outcome=outcome, children=children)
        told.append(known(measure="children", value=float(children)))
        told.append(known(measure="trials", unit="records", value=float(len(own))))
    return told


def _window(
    found: Resampled,
    alike: Propensity,
    plan: Plan,
    *,
    outcome: str,
    days: int,
    unmet: tuple[str, ...],
) -> list[Estimate]:
    effective = found.one("effective_children", "comparison", days)
    few = (effective.value or 0) < plan.minimum_children_per_arm
    left_out = any(each.why in {"too_few_events", "separation"} for each in alike.dropped)
    censored = found.one("censored", "comparison", days)
    unmet = (
        *unmet,
        *("few_stay",) * ((censored.value or 0) > FEW_STAY),
        *("few_children",) * few,
        *("covariates_left_out",) * left_out,
        *("imbalance",) * (alike.largest_imbalance_after > IMBALANCED),
    )
    told = []
    for (drawn_as, side), measure in _MEASURES.items():
        one = found.one(drawn_as, side, days)
        told.append(
            replace(
                figure(
                    measure=measure, group=_GROUPS[side], outcome=outcome, days=days,
                    children=one.children, events=one.events, with_events=one.with_events,
                    largest_child_events=one.largest_child_events, confidence=plan.confidence,
                    method="sequential_trials_bootstrap", design_level=3, unmet=unmet,
                    role=role(plan), se=one.se,
                ),
                **numbers(one),
            )
        )  # fmt: skip
    described = partial(figure, outcome=outcome, days=days, children=effective.children)
    told += [
        described(
            measure="referred_later", group="not_referred", unit="records", value=censored.value,
            of=censored.of, children=censored.children, why_not=censored.why_not,
        ),
        described(measure="effective_children", group="not_referred", value=effective.value),
        described(
            measure="largest_imbalance_after", group="contrast", value=alike.largest_imbalance_after
        ),
    ]  # fmt: skip
    for group in ("mean", "largest"):
        one = found.one("weight_of_staying", group, days)
        told.append(described(measure="weight_of_staying", group=group, value=one.value))
    return told


def _no_window(plan: Plan, outcome: str, days: int, why_not: str) -> list[Estimate]:
    return [
        figure(
            measure=measure, group=_GROUPS[side], outcome=outcome, days=days, design_level=3,
            confidence=plan.confidence, method="sequential_trials_bootstrap",
            role=role(plan), why_not=why_not,
        )
        for (_drawn_as, side), measure in _MEASURES.items()
    ]  # fmt: skip


def _no_figures(plan: Plan, outcome: str, why_not: str) -> list[Estimate]:
    windows = (plan.window_days, *plan.secondary_windows)
    return [one for days in windows for one in _no_window(plan, outcome, days, why_not)]
