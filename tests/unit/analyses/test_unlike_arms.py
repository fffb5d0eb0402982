"""When the arms are too unlike for a claim: far apart, and beyond what chance leaves."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analyses.plan import read_plan
from analyses.quarterly.alike import made_alike, weaknesses

PLAN = replace(read_plan(), covariates=("age", "sex", "local_authority"))
CHILDREN = np.arange(160)
REFERRED = CHILDREN < 80


def children(**columns):
    usual = {
        "child_key": CHILDREN,
        "arm": np.where(REFERRED, "referred", "not_referred"),
        "age": 12 + CHILDREN % 5,
        "sex": np.where(CHILDREN % 2, "female", "male"),
        "local_authority": np.where(CHILDREN % 4 < 2, "W06000018", "W06000022"),
        "episodes_90": 3,
        "episodes_365": 5,
        "events": 1,
    }
    return pd.DataFrame(usual | columns)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, ()),
        # One child of a rare level against six: half a standard deviation, and chance.
        (
            {"sex": np.where(np.isin(CHILDREN, [0, *range(80, 86)]), "other", "female")},
            ("imbalance",),
        ),
        # A third of those not referred are of a place of which nobody is referred.
        ({"local_authority": np.where(CHILDREN >= 130, "far", "near")}, ("large_imbalance",)),
    ],
)
def test_a_large_difference_blocks_where_chance_does_not_explain_it(columns, said):
    assert weaknesses(made_alike(children(**columns), PLAN), PLAN) == said


def test_a_covariate_left_out_that_divides_the_arms_blocks():
    plan = replace(PLAN, covariates=("age",), events_per_parameter=60)
    alike = made_alike(children(age=12 + CHILDREN % 5 + 2 * REFERRED), plan)
    assert weaknesses(alike, plan) == ("covariates_left_out", "large_imbalance")
