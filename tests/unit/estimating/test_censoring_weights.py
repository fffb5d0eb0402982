import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.censoring_weights import censoring_weights, weighted_rows


def moments(*rows, **more):
    return pd.DataFrame(rows, columns=["child_key", "day", "censored"]).assign(**more)


HALF = moments(("A", 10, 0), ("B", 10, 1))


def test_who_stays_weighs_one_over_the_chance_of_having_stayed():
    told = censoring_weights(moments(("A", 7, 0), ("A", 14, 0), ("B", 7, 1), ("C", 7, 0)), [])
    assert told.moments["chance"].to_numpy() == pytest.approx([0.25] * 4)
    a = told.moments[told.moments["child_key"] == "A"]
    assert a["weight"].to_numpy() == pytest.approx([4 / 3, 16 / 9])


def test_each_kind_of_moment_has_its_own_chance():
    rows = moments(("A", 7, 0), ("B", 7, 1), ("A", 8, 0), ("C", 8, 0))
    told = censoring_weights(rows.assign(kind=["m", "m", "o", "o"]), [])
    assert told.one("censored", "m").value == 1
    assert told.models["o"] is None
    assert told.moments.set_index(["child_key", "day"])["chance"].to_dict() == pytest.approx(
        {("A", 7): 0.5, ("A", 8): 0, ("B", 7): 0.5, ("C", 8): 0}, abs=1e-9
    )


def test_a_covariate_tells_who_is_likely_to_be_censored():
    rows = moments(
        *((number, 7, int(number % 4 == 0 or number > 35)) for number in range(40)),
        recent=[int(number >= 20) for number in range(40)],
    )
    told = censoring_weights(rows, ["recent"], events_per_parameter=2).moments
    by_recent = told["chance"].groupby(rows.set_index("child_key")["recent"].to_numpy()).mean()
    assert by_recent.to_list() == pytest.approx([5 / 20, 8 / 20], abs=1e-6)


def test_drawing_every_child_once_gives_what_was_fitted():
    rows = moments(*((number, 7, number % 3 == 0) for number in range(30)), recent=[0, 1] * 15)
    staying = censoring_weights(rows.astype({"censored": int}), ["recent"], events_per_parameter=1)
    again = staying.sums(np.ones((2, 30)), pd.Index(range(30)))
    assert again == pytest.approx(np.vstack([staying.sums()] * 2), abs=1e-8)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("covariates", [[], ["recent"]])
def test_a_draw_without_anyone_of_a_kind_loses_nobody_else(covariates):
    rows = moments(
        *((number, 7, int(number % 3 == 0)) for number in range(30)),
        kind=["m"] * 15 + ["o"] * 15,
        recent=[0, 1] * 15,
    )
    staying = censoring_weights(rows, covariates, events_per_parameter=1)
    assert staying.models["m"].design.shape[1] == staying.models["o"].design.shape[1]
    drawn = np.vstack([np.arange(30) < 15, np.ones(30)]).astype(float)  # none of 'o'; all
    without, whole = staying.sums(drawn, pd.Index(range(30)))
    assert without[:16] == pytest.approx(whole[:16], abs=1e-8)
    assert np.isfinite(without).all()


def test_positions_count_a_childs_moments_up_to_a_day_and_none_of_others():
    staying = censoring_weights(moments(("A", 5, 0), ("A", 9, 0), ("C", 1, 0)), [])
    asked = [("A", 4), ("A", 5), ("A", 8), ("A", 9), ("B", 100), ("C", 0), ("C", 1)]
    found = staying.position([child for child, _ in asked], np.array([day for _, day in asked]))
    assert found.tolist() == [0, 1, 1, 2, 0, 2, 3]


def test_time_after_censoring_is_left_out_and_those_who_stay_stand_for_all():
    rows = pd.DataFrame(
        {"child_key": ["A", "B"], "zero": 0, "start": 0, "stop": 20, "events": [1, 3],
         "censored_on": [None, 10.0]}
    )  # fmt: skip
    told = weighted_rows(rows, censoring_weights(HALF, []), every=10)
    assert told[["child_key", "start", "stop", "events", "weight"]].to_numpy().tolist() == [
        ["A", 0, 10, 0, 1.0],
        ["A", 10, 20, 1, 2.0],
        ["B", 0, 10, 0, 1.0],
    ]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(moments(("A", 7, 1), ("A", 14, 0)), id="after it was censored"),
        pytest.param(moments(("A", 7, 0), ("A", 7, 0)), id="twice on a day"),
        pytest.param(moments(("A", 7, 2)), id="neither"),
        pytest.param(moments((None, 7, 0)), id="nobody's"),
        pytest.param(HALF.drop(columns="censored"), id="nothing said"),
    ],
)
def test_moments_that_cannot_be_are_refused(rows):
    with pytest.raises(WrongUse):
        censoring_weights(rows, [])
