"""The evaluator's annex: the window's children by band and arm, and the events of both arms."""

from __future__ import annotations

from analyses.relations.re_missing import ARMS
from analyses.relations.told import Item, Told
from evaluation.disclosure import Relation, sums

SECTION = "re_missing"
BOTH = "both_arms"


def relations(told: Told) -> list[Relation]:
    """Of what the annex tells in the section 're_missing' beside the quarter's own figures."""
    found: list[Relation] = []
    for days in dict.fromkeys(each.days for each in told.all(SECTION, "mean_events")):
        spread = {
            measure: {each.group: each for each in told.all(SECTION, measure, days=days)}
            for measure in ("mean_events", "dispersion")
        }
        means = spread["mean_events"]
        for count in ("children", "events"):
            if BOTH in means:
                found += told.total(
                    means[BOTH], [means[arm] for arm in ARMS if arm in means], count
                )
            for group, mean in means.items():
                found += told.alike([mean, spread["dispersion"].get(group)], count)
        for arm in ARMS:
            if arm not in means:
                continue
            frequent = told.one(SECTION, "events_of_most_frequent_fifth", days=days, group=arm)
            if frequent is not None:
                found.append(sums(told.cell(means[arm], "events"), told.cell(frequent, "of")))
            found += _of_arm(told, means[arm])
    return found


def _of_arm(told: Told, arm: Item) -> list[Relation]:
    """All of an arm are in some band of the chance of being referred, and its other shares are of them."""
    bands = [
        each
        for each in told.all(SECTION, "score_band", days=arm.days)
        if each.group.startswith(f"{arm.group}/")
    ]
    shares = [
        *bands,
        *(
            each
            for measure in ("outside_common_support", "weights_above_10")
            for each in told.all(SECTION, measure, days=arm.days, group=arm.group)
        ),
    ]
    found = told.total(arm, bands)
    return found + [sums(told.cell(arm), told.cell(share, "of")) for share in shares]
