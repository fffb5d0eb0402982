"""Numbers that came as objects (from a database, or beside a None) are numbers, not levels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.counts import gee, negative_binomial, poisson, within_child
from evaluation.estimating.cox import cox
from evaluation.estimating.logistic import logistic
from evaluation.estimating.recurrent import andersen_gill
from evaluation.estimating.weighting import propensity

RNG = np.random.default_rng(5)
N = 120
CHILDREN = pd.DataFrame(
    {
        "child_key": [f"C{one}" for one in range(N)],
        "arm": np.where(RNG.random(N) < 0.5, "referred", "not"),
        "area": RNG.choice(list("abcdefgh"), N),
        "age": RNG.integers(8, 17, N),
        "events": RNG.poisson(1.5, N),
        "event": RNG.integers(0, 2, N),
        "days": RNG.integers(30, 91, N),
        "start": 0,
    }
)
NUMBERS = ["age", "events", "event", "days", "start"]
CALLS: list[Callable[[pd.DataFrame], Any]] = [
    lambda frame: cox("days ~ arm + age", frame, event="event"),
    lambda frame: andersen_gill("days ~ arm + age", frame),
    lambda frame: poisson("events ~ arm + age", frame, days="days"),
    lambda frame: negative_binomial("events ~ arm + age", frame, days="days"),
    lambda frame: gee("event ~ arm + age", frame, cluster="area", family="binomial"),
    lambda frame: within_child("events ~ age", frame, child="area", days="days"),
    lambda frame: logistic("event ~ arm + age", frame),
    lambda frame: propensity(frame, ["age"], treated="referred"),
]
IDS = ["cox", "andersen_gill", "poisson", "nb2", "gee", "within", "logistic", "propensity"]


@pytest.mark.parametrize("call", CALLS, ids=IDS)
def test_numbers_that_are_objects_give_the_same(call: Callable[[pd.DataFrame], Any]) -> None:
    plain, objects = call(CHILDREN), call(CHILDREN.astype(dict.fromkeys(NUMBERS, object)))
    assert [one.group for one in objects] == [one.group for one in plain]
    ours = [one.value for one in objects]
    assert ours == pytest.approx([one.value for one in plain], rel=1e-9, nan_ok=True)


def test_an_infinite_covariate_of_a_propensity_is_refused() -> None:
    worse = CHILDREN.assign(age=CHILDREN["age"].where(CHILDREN.index > 0, np.inf))
    with pytest.raises(WrongUse, match="age"):
        propensity(worse, ["age"], treated="referred")


@pytest.mark.parametrize("call", CALLS[:-1], ids=IDS[:-1])
def test_an_outcome_or_a_time_in_words_is_refused_also_where_all_are_the_same(
    call: Callable[[pd.DataFrame], Any],
) -> None:
    with pytest.raises(WrongUse):
        call(CHILDREN.assign(days="long", events="many", event="yes"))


@pytest.mark.parametrize(
    "call", [CALLS[place] for place in (0, 1, 2, 3, 4, 6)], ids=[IDS[p] for p in (0, 1, 2, 3, 4, 6)]
)
def test_an_arm_that_all_share_does_not_vanish_from_the_formula(
    call: Callable[[pd.DataFrame], Any],
) -> None:
    with pytest.raises(WrongUse, match="arm"):
        call(CHILDREN.assign(arm="referred"))
