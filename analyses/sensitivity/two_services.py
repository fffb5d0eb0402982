"""Two services at a time: children whom another service has taken on, counted, and adjusted for.

Being with another service changes while a child is followed, so it is a state of each day and never
a trait of the child: whoever was ever with one had to be there long enough to be.
"""

from __future__ import annotations

import pandas as pd

from analyses.cohorts import ELSEWHERE
from analyses.plan import Plan
from analyses.quarterly.alike import ARMS, numbers
from analyses.quarterly.alike import figure as described
from analyses.sensitivity._shared import figure, known, none, of_window
from analyses.sensitivity.recurrent_events import within
from analyses.snapshots import newest, table
from evaluation.errors import WrongUse
from evaluation.estimating.counts import poisson
from evaluation.estimating.limits import CannotEstimate
from evaluation.following import split
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot

FORM = "positive_futures_referrals"
MEASURE = "two_services_rate_ratio"
STATE = "elsewhere"


def figures(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """Children of each arm with another service at time zero and within the primary window, the
    share of their days at risk with one, and the ratio adjusted for it day by day.

    'no_return' where that service has never told of its referrals.
    """
    days = plan.window_days
    if snapshot.tables.get(FORM) is None:
        return none([MEASURE], plan, "no_return")
    changes = with_another(snapshot)
    children, alike = of_window(cohort, at_risk, plan)
    rows = within(split(at_risk, changes, into=STATE), days).rows
    rows = rows[rows["child_key"].isin(children["child_key"])]
    rows = rows.assign(days=rows["stop"] - rows["start"])
    told = []
    for arm in ARMS:
        own = rows[rows["arm"] == arm]
        size = int((children["arm"] == arm).sum())
        before = own[(own["start"] == 0) & (own[STATE] > 0)]["child_key"].nunique()
        ever = own[own[STATE] > 0]["child_key"].nunique()
        total = float(own["days"].sum())
        for measure, part in (("other_service_before", before), ("other_service_within", ever)):
            told.append(
                described(
                    measure=measure, group=arm, days=days, children=int(part), of=size,
                    value=part / size if size else None, why_not=None if size else "no_follow_up",
                    role="sensitivity",
                )
            )  # fmt: skip
        told.append(
            described(
                measure="days_with_other_service", group=arm, days=days, children=size,
                value=float(own.loc[own[STATE] > 0, "days"].sum()) / total if total else None,
                why_not=None if total else "no_follow_up", role="sensitivity",
            )
        )  # fmt: skip
    said = known(children, alike, plan, days=days, method="weighted_poisson_by_child")
    if isinstance(alike, str):
        return [*told, figure(measure=MEASURE, **said, why_not=alike)]
    rows = rows.merge(alike.children[["child_key", "weight"]], on="child_key")
    rows = rows.assign(referred=(rows["arm"] == "referred").astype(float))
    formula = (
        f"events ~ referred + {STATE}"
        if rows[STATE].min() < rows[STATE].max()
        else "events ~ referred"
    )
    try:
        found = poisson(
            formula, rows, days="days", weights="weight", cluster="child_key",
            confidence=plan.confidence,
        ).one("rate_ratio", "referred")  # fmt: skip
        number = numbers(found)
    except (CannotEstimate, WrongUse) as fault:
        number = numbers(getattr(fault, "why_not", "not_converged"))
    return [*told, figure(measure=MEASURE, **said, **number)]


def with_another(snapshot: Snapshot) -> pd.DataFrame:
    """When each child came to be with another service, and when no longer: child_key, on, value.

    From the day of a referral that was not declined to the day of its closing; one by a meeting to
    a service that sends no returns goes on, because nobody tells when it ended.
    """
    referrals = newest(table(snapshot, FORM), "referral_ref")
    referrals = referrals[referrals["decision"] != "declined"]
    decisions = table(snapshot, "meeting_decisions")
    sent = decisions[decisions["decision"] == ELSEWHERE[0]]
    told = [
        referrals.rename(columns={"referred_on": "from_on", "closed_on": "to_on"}),
        sent.rename(columns={"met_on": "from_on"}),
    ]
    columns = ["child_key", "from_on", "to_on"]
    spells = pd.concat([rows.reindex(columns=columns) for rows in told], ignore_index=True)
    spells = spells.astype({"from_on": "datetime64[us]", "to_on": "datetime64[us]"})
    begins = spells[["child_key", "from_on"]].assign(step=1).rename(columns={"from_on": "on"})
    ends = spells[["child_key", "to_on"]].assign(step=-1).rename(columns={"to_on": "on"}).dropna()
    steps = pd.concat([begins, ends]).groupby(["child_key", "on"], as_index=False)["step"].sum()
    held = steps.groupby("child_key")["step"].cumsum()
    return pd.DataFrame(
        {"child_key": steps["child_key"], "on": steps["on"], "value": (held > 0).astype(int)}
    )
