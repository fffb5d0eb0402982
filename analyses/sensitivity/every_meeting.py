"""Every meeting: sequential trials by intention to refer, whatever later meetings decided."""

from __future__ import annotations

import numpy as np

from analyses.plan import Plan
from analyses.quarterly.alike import numbers
from analyses.quarterly.referred_now import engine_trials, followed, models, trial_rows
from analyses.sensitivity._shared import REPLICATES, figure, known, none
from analyses.trials import sequential_trials as trials_of
from evaluation.estimating.censoring_weights import censoring_weights
from evaluation.estimating.sequential_trials import sequential_trials
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot

MEASURE = "every_meeting_rate_ratio"


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """The primary window's ratio over all eligible meetings, nobody censored at a later referral.

    Beside the comparison by first meetings alone: the same question, more of the data.
    """
    del cohort, at_risk
    days = plan.window_days
    trials = trials_of(snapshot, plan)
    risk = followed(trials, plan.outcome, snapshot)
    _staying, alike, why_not = models(trials, risk, plan)
    if days not in alike:
        return none([MEASURE], plan, why_not[days])
    nobody = trials.moments.assign(day=0, censored=0, kind="none").head(0)
    found = sequential_trials(
        engine_trials(trials).assign(censored_on=np.nan),
        trial_rows(trials, risk),
        record=None,
        alike={days: alike[days]},
        staying=censoring_weights(nobody, []),
        replicates=min(plan.bootstrap_replicates, REPLICATES),
        rng=np.random.default_rng([plan.seed, days, 2]),
        confidence=plan.confidence,
    ).one("weighted_rate_ratio")
    said = known(
        None,
        alike[days], plan, days=days, method="sequential_trials_bootstrap",
        children=found.children, events=found.events, with_events=found.with_events,
        largest_child_events=found.largest_child_events,
    )  # fmt: skip
    return [figure(measure=MEASURE, **said, **numbers(found))]
