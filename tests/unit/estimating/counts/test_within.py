import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.counts import poisson, within_child


def drawn(children=60, *, seed=5, ratio=0.6):
    rng = np.random.default_rng(seed)
    child = np.repeat(np.arange(children), 3)
    own = rng.gamma(1, 1, children)[child]
    after = np.tile([0, 0, 1], children)
    days = rng.integers(20, 90, len(child))
    return pd.DataFrame(
        {
            "child_key": child,
            "after": after,
            "summer": rng.integers(0, 2, len(child)),
            "sex": (child % 2),
            "days": days,
            "y": rng.poisson(0.03 * days * own * np.where(after, ratio, 1)),
        }
    )


SOME = drawn()


def test_it_is_a_regression_with_a_column_for_each_child():
    busy = SOME[SOME.groupby("child_key")["y"].transform("sum") > 0]
    for errors in ("model", "HC0"):
        ours = within_child("y ~ after + summer", SOME, days="days", errors=errors).model
        theirs = poisson(
            "y ~ after + summer + C(child_key)",
            busy,
            days="days",
            errors=errors,
            cluster="child_key",
        ).model
        terms = ["after", "summer"]
        assert ours.params[terms].to_numpy() == pytest.approx(theirs.params[terms].to_numpy())
        assert ours.bse[terms].to_numpy() == pytest.approx(theirs.bse[terms].to_numpy())


def test_children_with_equal_counts_tell_something():
    """Statsmodels' ConditionalPoisson drops them: here they pull the ratio to that of the days."""
    rows = pd.DataFrame({"child_key": list("AABB"), "after": [0, 1, 0, 1], "y": [1, 5, 2, 2]})
    found = within_child("y ~ after", rows).one("rate_ratio")
    assert found.value == pytest.approx(7 / 3)
    assert found.children == 2


def test_children_without_events_or_with_one_row_tell_nothing():
    more = pd.DataFrame(
        {"child_key": [900, 900, 901], "after": [0, 1, 1], "summer": 0, "sex": 0, "days": 9,
         "y": [0, 0, 7]}
    )  # fmt: skip
    one = within_child("y ~ after", SOME, days="days").one("rate_ratio")
    other = within_child("y ~ after", pd.concat([SOME, more]), days="days").one("rate_ratio")
    assert one == other


def test_what_does_not_vary_within_children_is_missing():
    found = within_child("y ~ after + sex", SOME, days="days")
    assert found.one(group="sex").why_not == "no_variation"
    alone = within_child("y ~ after", SOME, days="days").one(group="after")
    assert found.one(group="after").value == pytest.approx(alone.value)


def test_no_event_after_is_separation_and_the_rest_is_right():
    quiet = SOME.assign(y=SOME["y"] * (1 - SOME["after"]))
    found = within_child("y ~ after + summer", quiet, days="days")
    rest = within_child("y ~ summer", quiet[quiet["after"] == 0], days="days")
    assert (found.one(group="after").value, found.one(group="after").why_not) == (
        None,
        "separation",
    )
    assert found.one(group="summer").value == pytest.approx(rest.one(group="summer").value)
    assert found.one(group="summer").se == pytest.approx(rest.one(group="summer").se)


def test_nobody_had_an_event():
    found = within_child("y ~ after", SOME.assign(y=0), days="days").one()
    assert (found.value, found.why_not) == (None, "no_events")


def test_errors_are_robust_where_a_child_has_several_events():
    assert within_child("y ~ after", SOME, days="days").model.errors == "HC0"
    single = SOME.assign(y=(SOME["y"] > 0) & ~SOME.duplicated(["child_key", "sex"]))
    single["y"] = single["y"].astype(int)
    assert within_child("y ~ after", single, days="days").model.errors == "model"


def test_authorities_hold_whole_children():
    place = SOME["child_key"] % 8
    found = within_child("y ~ after", SOME, days="days", cluster=place)
    assert found.model.clusters == 8
    assert "few_clusters" in [one.trap for one in found.beware]
    with pytest.raises(WrongUse, match="several clusters"):
        within_child("y ~ after", SOME, days="days", cluster=np.arange(len(SOME)))


def test_few_children_do_not_hide_behind_the_normal():
    one = within_child("y ~ after", drawn(8, seed=1), days="days")
    assert one.model.df == one.model.clusters - 2
