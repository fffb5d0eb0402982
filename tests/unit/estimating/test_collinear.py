"""Columns that say nothing of their own are found, and named with those that say it for them."""

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.collinear import Collinear, independent, refuse_collinear

RNG = np.random.default_rng(5)
A, B = RNG.normal(size=(2, 40))


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"a": A, "b": B, "c": A - 3 * B}, "c is made up of a \\+ b"),
        ({"a": A, "b": B, "c": 2 * A + 7}, "c is made up of Intercept \\+ a"),
        ({"a": A, "c": 0 * A}, "c is the same for all"),
        ({"a": A, "c": 1e9 * A, "d": B, "e": 1e-9 * B}, "c is made up of a; e is made up of d"),
    ],
)
def test_what_is_made_up_of_others_is_named(columns, says):
    with pytest.raises(Collinear, match=says):
        refuse_collinear(pd.DataFrame({"Intercept": np.ones(40), **columns}))


def test_units_make_no_difference():
    columns = np.column_stack([np.ones(40), 1e12 * A, 1e-12 * B, 1e12 * A])
    assert independent(columns).tolist() == [0, 1, 2]


def test_without_rows_nothing_says_anything():
    assert independent(np.zeros((0, 3))).tolist() == []
