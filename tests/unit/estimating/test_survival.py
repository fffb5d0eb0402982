import numpy as np
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.survival import kaplan_meier, survival_under

DAYS = [3, 5, 5, 8, 8, 10]
EVENT = [1, 1, 0, 1, 0, 0]


def test_a_curve_by_hand():
    curve = kaplan_meier(DAYS, EVENT, at=[0, 2, 3, 5, 7, 8, 10])
    by_hand = [1, 1, 5 / 6, 5 / 6 * 4 / 5, 5 / 6 * 4 / 5, 5 / 6 * 4 / 5 * 2 / 3]
    assert curve["survival"].tolist() == pytest.approx([*by_hand, by_hand[-1]])
    assert curve["at_risk"].tolist() == [6, 6, 6, 5, 3, 3, 1]
    assert curve["events"].tolist() == [0, 0, 1, 2, 2, 3, 3]


def test_greenwoods_error_by_hand():
    curve = kaplan_meier(DAYS, EVENT, at=[5])
    assert curve["se"].item() == pytest.approx(2 / 3 * np.sqrt(1 / (6 * 5) + 1 / (5 * 4)))


def test_nothing_is_known_after_the_last_child_has_left():
    assert kaplan_meier(DAYS, EVENT, at=[11])["survival"].isna().all()


def test_a_curve_that_reached_zero_stays_there():
    curve = kaplan_meier([1, 2, 3], [1, 1, 1], at=[3, 9])
    assert curve["survival"].tolist() == [0, 0]
    assert curve[["low", "high"]].isna().all(axis=None)


def test_there_are_no_limits_before_the_first_event():
    first = kaplan_meier(DAYS, EVENT, at=[0])
    assert first["se"].item() == 0
    assert first[["low", "high"]].isna().all(axis=None)


def test_a_weight_of_two_is_two_children_and_has_no_naive_error():
    weighted = kaplan_meier(DAYS, EVENT, weights=[2, 1, 1, 3, 1, 1], at=[3, 5, 8])
    rows = np.repeat(np.arange(6), [2, 1, 1, 3, 1, 1])
    twice = kaplan_meier(np.array(DAYS)[rows], np.array(EVENT)[rows], at=[3, 5, 8])
    assert weighted["survival"].tolist() == pytest.approx(twice["survival"].tolist())
    assert weighted[["se", "low", "high"]].isna().all(axis=None)
    assert weighted["at_risk"].tolist() == [6, 5, 3]


def test_the_order_of_rows_changes_nothing():
    order = [4, 0, 5, 2, 1, 3]
    shuffled = kaplan_meier(np.array(DAYS)[order], np.array(EVENT)[order], at=[5, 8])
    assert shuffled.equals(kaplan_meier(DAYS, EVENT, at=[5, 8]))


def test_sets_of_weights_are_estimated_apart():
    weights = np.array([[1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]], dtype=float)
    at = np.array([5.0])
    together = survival_under(np.array(DAYS, float), np.array(EVENT, float), weights, at)
    assert together[0, 0] == pytest.approx(2 / 3)
    assert np.isnan(together[1, 0])  # nobody was drawn
    assert together[2, 0] == 0  # the only child drawn had its event on day 3


@pytest.mark.parametrize(
    ("days", "event", "weights"),
    [
        ([np.nan], [1], None),
        ([-1], [1], None),
        ([1], [2], None),
        ([1], [1], [-1]),
        ([1], [0], [np.nan]),
    ],
)
def test_what_is_no_day_event_or_weight_is_refused(days, event, weights):
    with pytest.raises(WrongUse):
        kaplan_meier(days, event, weights=weights, at=[1])
