"""The series around a review, in an invented world whose review does something known, or nothing."""

import numpy as np
import pandas as pd
import pytest

from analyses.encompass import eligible, review
from analyses.invented import encompass, police, schools
from analyses.invented.children import draw_children
from analyses.invented.encompass import REVIEWED_ON
from analyses.invented.world import CHILDREN, QUARTERS, Days, World, chance
from evaluation.nouns import Snapshot

DAYS = Days.of(QUARTERS)
TEN_AREAS = 10
"""Ten times the children of the demonstration, so that chance leaves little room."""


def worlds(seed, areas=1):
    """The same incidents with the review and without it, as snapshots."""
    children = draw_children(areas * CHILDREN, World(), DAYS, seed=(seed,))
    facts = police.draw_facts(children, DAYS, rng=chance((seed,), "facts"))
    closures = schools.draw_closures(DAYS, rng=chance((seed,), "closures"))
    keys = pd.Series([f"K{child}" for child in children.index], index=children.index)
    return tuple(
        snapshot(
            encompass.draw_incidents(
                facts, children, DAYS, rng=chance((seed,), "incidents"), reviewed_on=on
            ),
            closures,
            keys,
        )
        for on in (REVIEWED_ON, None)
    )


def snapshot(drawn, closures, keys):
    tables = {"op_encompass_incidents": [], "school_closures": []}
    arrived = set()
    for quarter in QUARTERS:
        told = {
            ("police", "op_encompass_incidents"): encompass.incidents_of(drawn, keys, DAYS, quarter)
        }
        for provider, authority in schools.EDUCATION.items():
            told[provider, "school_closures"] = schools.closures_of(closures, authority, quarter)
        for (provider, form), rows in told.items():
            tables[form].append(rows.assign(provider=provider, quarter=str(quarter)))
            arrived.add((provider, form, quarter))
    return Snapshot(
        id="invented", quarter=QUARTERS[-1],
        tables={form: pd.concat(parts, ignore_index=True) for form, parts in tables.items()},
        arrived=frozenset(arrived), submissions=(),
    )  # fmt: skip


def late_since_review(found):
    since = found.judged[found.judged["on"] >= pd.Timestamp(REVIEWED_ON)]
    return 1 - since["in_time"].mean()


def effect(found, told, **how):
    return review.around(found, told, REVIEWED_ON, **how).one("rate_ratio")


@pytest.mark.slow
def test_the_effect_of_the_review_is_recovered_and_none_is_found_where_it_did_nothing():
    """The truth is by counterfactual: the same incidents, had there been no review."""
    with_it, without = worlds(seed=3, areas=TEN_AREAS)
    reviewed, not_reviewed = (eligible(each, QUARTERS) for each in (with_it, without))
    truth = late_since_review(reviewed) / late_since_review(not_reviewed)
    assert 0.5 < truth < 0.6
    for told, found, ratio in ((with_it, reviewed, truth), (without, not_reviewed, 1.0)):
        made = effect(found, told)
        assert made.low < ratio < made.high
        assert abs(np.log(made.value / ratio)) < 0.25
    assert effect(reviewed, with_it).high < 0.8


@pytest.mark.slow
def test_what_schools_closures_explain_is_no_change_and_costs_no_certainty():
    """Against waves of a year the interval of one area is half as wide, on the scale of logarithms,
    as 60 worlds had it: errors of 0.33 against 0.72; and of these waves none in 60 was found."""
    told, _without = worlds(seed=5, areas=3)
    found = eligible(told, QUARTERS)
    own, waves = effect(found, told), effect(found, told, closures=False, harmonics=1)
    assert own.se < 0.7 * waves.se
    astray = {
        closures: _august(review.around(found, told, REVIEWED_ON, closures=closures, harmonics=0))
        for closures in (True, False)
    }
    assert astray[False] < -1.5  # August looks far better than it is
    assert abs(astray[True]) < 0.5 * abs(astray[False])


def _august(series):
    """The mean residual of its Augusts."""
    own = series.periods["time"].map(lambda month: month.month == 8)
    return series.periods.loc[own, "residual"].mean()
