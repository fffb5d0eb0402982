"""What is given as counts and days is looked at before it is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.counts import (
    case_series,
    overdispersion,
    rate,
    rate_ratio_adjusted,
    rate_ratio_exact,
    rate_ratio_robust,
    rates,
)

CHILDREN = pd.DataFrame(
    {
        "child_key": list("ABCDEF"),
        "arm": ["referred", "not"] * 3,
        "events": [1, 2, 0, 4, 2, 3],
        "days_at_risk": 90.0,
    }
)

BY_FRAME: list[Callable[[pd.DataFrame], Any]] = [
    lambda frame: rates(frame, treated="referred"),
    lambda frame: rate_ratio_robust(frame, treated="referred"),
    lambda frame: rate_ratio_adjusted(frame, [], treated="referred"),
    overdispersion,
    lambda frame: rate(frame["events"], frame["days_at_risk"]),
    lambda frame: rate_ratio_exact(frame["events"], frame["days_at_risk"], 3, 100),
]
IDS = ["rates", "robust", "adjusted", "overdispersion", "rate", "exact"]


@pytest.mark.parametrize("estimate", BY_FRAME, ids=IDS)
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("events", "many"),
        ("events", None),
        ("events", -1),
        ("events", float("inf")),
        ("days_at_risk", "long"),
        ("days_at_risk", None),
        ("days_at_risk", -1.0),
        ("days_at_risk", float("inf")),
    ],
)
def test_what_is_no_count_and_no_number_of_days_is_refused(
    estimate: Callable[[pd.DataFrame], Any], column: str, value: object
) -> None:
    worse = CHILDREN.assign(**{column: [value, *CHILDREN[column].tolist()[1:]]})
    with pytest.raises(WrongUse):
        estimate(worse)


@pytest.mark.parametrize("estimate", BY_FRAME, ids=IDS)
@pytest.mark.parametrize("kind", ["Int64", object])
def test_whole_numbers_of_any_type_give_the_same(
    estimate: Callable[[pd.DataFrame], Any], kind: Any
) -> None:
    same = CHILDREN.astype({"events": kind, "days_at_risk": kind})
    assert estimate(same).estimates == estimate(CHILDREN).estimates


@pytest.mark.parametrize("lacking", ["events", "days_at_risk"])
def test_overdispersion_names_a_column_that_is_not_there(lacking: str) -> None:
    with pytest.raises(WrongUse, match=lacking):
        overdispersion(CHILDREN.drop(columns=lacking))


def _series(day: pd.Series) -> list[tuple[str, float | None]]:
    observed = pd.DataFrame({"child_key": list("ABC"), "start": 0, "stop": 365})
    events = pd.DataFrame({"child_key": list("AABBC"), "day": day})
    referred = pd.DataFrame({"child_key": list("ABC"), "day": [90, 200, 120]})
    found = case_series(observed, events, referred, risk=[(0, 27)])
    return [(one.group, one.value) for one in found]


@pytest.mark.parametrize("kind", [object, str])
def test_whole_days_that_came_as_objects_or_text_are_those_days(kind: type) -> None:
    days = pd.Series([95, 300, 40, 210, 130])
    assert _series(days.astype(kind)) == _series(days)


def test_days_whose_month_may_be_their_day_are_refused() -> None:
    with pytest.raises(WrongUse, match="2025-03-31"):
        _series(pd.Series(["03/04/2025"] * 5))


@pytest.mark.filterwarnings("error")
def test_a_day_that_is_missing_among_objects_is_refused() -> None:
    with pytest.raises(WrongUse, match="none may be missing"):
        _series(pd.Series([95, None, 40, 210, 130], dtype=object))
