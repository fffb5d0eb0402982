"""What callers give to Cox's model: taken in every shape, or refused with a sentence."""

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.cox.given import chosen, given


@pytest.mark.parametrize(
    "event",
    [
        [1, 0, 1],
        (True, False, True),
        np.array([1.0, 0.0, 1.0]),
        pd.Series([True, False, True], index=[9, 3, 9]),
        pd.array([True, False, True], dtype="boolean"),
        pd.Series([1, 0, 1], dtype="Int64"),
        pd.Series([True, False, True], dtype=object),
        pd.DataFrame({"e": [1, 0, 1]}),
    ],
)
def test_events_are_taken_in_any_shape(event):
    assert given([5, 6, 7], event).event.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ([1, 2, 1], "coded 1 and 2"),
        ([2, 2, 2], "coded 1 and 2"),
        ([0, 2, 1], "must be 0 and 1"),
        ([0.5, 1, 0], "must be 0 and 1"),
        (["yes", "no", "yes"], "must be numbers"),
    ],
)
def test_other_codes_for_events_are_refused(event, says):
    with pytest.raises(WrongUse, match=says):
        given([5, 6, 7], event)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"start": [0, 6, 0]}, "1 row starts at its stop or after it"),
        ({"start": [5, 9, 0]}, "2 rows start at their stop or after it"),
        ({"start": [-np.inf, 0, 0]}, "starts must be finite"),
        ({"weights": [1, -1, 1]}, "1 weight is negative"),
        ({"weights": [1, np.inf, 1]}, "weights must be finite"),
        ({"weights": [0, 0, 0]}, "Every weight is 0"),
        ({"weights": ["a", "b", "c"]}, "must be numbers"),
        ({"strata": ["a", "b"]}, "strata: 2 values for 3 rows"),
        ({"cluster": [1]}, "cluster: 1 values for 3 rows"),
        ({"cluster": [None, None, None]}, "No row is left"),
    ],
)
def test_what_cannot_be_is_refused(more, says):
    with pytest.raises(WrongUse, match=says):
        given([5, 6, 7], [1, 0, 1], **more)


def test_times_must_be_finite_numbers():
    with pytest.raises(WrongUse, match="times must be finite"):
        given([5, np.inf], [1, 0])
    with pytest.raises(WrongUse, match="times must be numbers"):
        given(["5", "6"], [1, 0])


def test_a_row_that_lacks_anything_is_left_out_of_everything():
    rows = given(
        [1, 2, 3, 4, 5, None],
        [1, None, 1, 0, 1, 1],
        start=[0, 0, None, 0, 0, 0],
        weights=[1, 1, 1, np.nan, 5, 1],
        cluster=["p", "p", "p", "p", "q", "q"],
        strata=["s", "s", "s", "s", "t", "t"],
    )
    assert (rows.missing, rows.kept.tolist()) == (4, [0, 4])
    assert rows.stop.tolist() == [1, 5]
    assert rows.start.tolist() == [0, 0]
    assert rows.weight.tolist() == [1, 5]
    assert rows.event.tolist() == [True, True]
    assert (rows.cluster.tolist(), rows.stratum.tolist()) == ([0, 1], [0, 1])
    assert rows.strata_labels == ("s", "t")


def test_several_columns_of_strata_are_one_label():
    frame = pd.DataFrame({"area": ["n", "n", "s"], "year": [2, 1, 2]})
    for strata in (frame, [frame["area"], frame["year"]], frame.to_numpy()):
        rows = given([1, 2, 3], [1, 1, 1], strata=strata)
        assert rows.strata_labels == (("n", 1), ("n", 2), ("s", 2))
        assert rows.stratum.tolist() == [1, 0, 2]


def test_columns_are_chosen_by_name_or_taken_as_they_are():
    data = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
    assert chosen(data, "a").tolist() == [1, 2]
    assert chosen(data, ["a", "b"]).shape == (2, 2)
    assert chosen(data, ["x", "y"]) == ["x", "y"]
    with pytest.raises(WrongUse, match=r"no column c\. There are: a, b"):
        chosen(data, "c")
