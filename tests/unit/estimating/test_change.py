import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.change import before_after, change, change_bounds

BANDS = ["low", "medium", "high"]
BEFORE = ["low", "medium", "medium", "high", "high", "high", None]
AFTER = ["medium", "medium", "low", "low", None, "high", "low"]


def test_children_are_counted_where_they_moved():
    found = change(BEFORE, AFTER, order=BANDS)
    shares = {one.group: (one.children, one.of) for one in found}
    assert shares == {
        "down": (2, 5),
        "same": (2, 5),
        "up": (1, 5),
        "not_reassessed": (1, 6),
    }
    assert found.one("share", "up").value == pytest.approx(0.2)
    assert {one.design_level for one in found} == {2}


def test_a_missing_band_is_said_and_never_a_change():
    found = change(BEFORE, AFTER, order=BANDS)
    assert [one.trap for one in found.beware] == ["missing_second_band", "missing_first_band"]
    assert all("missing_second_band" in one.unmet for one in found)
    assert found.model.children == len(BEFORE)
    whole = change(BEFORE[:4], AFTER[:4], order=BANDS)
    assert whole.beware == ()


def every_way(before, after):
    """All tables that the missing bands could have made."""
    if None not in before + after:
        return [(before, after)]
    ways = []
    for bands, is_after in ((before, False), (after, True)):
        if None in bands:
            place = bands.index(None)
            for band in BANDS:
                filled = [*bands[:place], band, *bands[place + 1 :]]
                ways += every_way(before, filled) if is_after else every_way(filled, after)
            return ways
    return ways


@pytest.mark.parametrize(
    ("before", "after"),
    [(BEFORE, AFTER), (["low", None], [None, None]), (["high", "low"], [None, None])],
)
def test_bounds_are_those_of_every_way_to_fill_what_is_missing(before, after):
    found = change_bounds(before, after, order=BANDS)
    shares = [
        {one.group: one.value for one in change(*way, order=BANDS)}
        for way in every_way(before, after)
    ]
    for group in ("down", "same", "up"):
        values = [share[group] for share in shares]
        assert found.one("lowest_share", group).value == pytest.approx(min(values))
        assert found.one("highest_share", group).value == pytest.approx(max(values))


def test_series_are_joined_by_child():
    before = pd.Series({"A": "low", "B": "high", "C": "high"})
    after = pd.Series({"C": "low", "A": "low", "D": "low"})
    found = before_after(before, after, order=BANDS)
    assert found.table.loc["high", "low"] == 1
    assert found.not_after["high"] == 1
    assert found.not_before["low"] == 1
    assert found.children == 4


def test_bands_may_be_categories_numbers_or_arrays():
    codes = {"low": 1, "medium": 2, "high": 3}
    words = before_after(BEFORE[:6], AFTER[:6], order=BANDS)
    for make, order in (
        (lambda bands: pd.Series(pd.Categorical(bands, BANDS)), BANDS),
        (lambda bands: np.array(bands, dtype=object), BANDS),
        (lambda bands: pd.Series([codes.get(one) for one in bands], dtype="Int64"), [1, 2, 3]),
    ):
        found = before_after(make(BEFORE[:6]), make(AFTER[:6]), order=order)
        assert found.table.to_numpy().tolist() == words.table.to_numpy().tolist()
        assert found.not_after.tolist() == words.not_after.tolist()


def test_nobody_assessed_twice_is_no_share():
    found = change(["low"], [None], order=BANDS)
    assert found.one("share", "down").why_not == "no_events"
    assert found.one("share", "not_reassessed").value == 1


def test_a_band_outside_the_order_is_refused():
    with pytest.raises(WrongUse, match="1 rows have another"):
        change(["low"], ["Low"], order=BANDS)


def test_lists_of_different_length_are_refused():
    with pytest.raises(WrongUse, match="2 bands before and 1 after"):
        change(["low", "low"], ["low"], order=BANDS)


def test_a_child_who_is_there_twice_is_refused():
    twice = pd.Series(["low", "high"], index=["A", "A"])
    with pytest.raises(WrongUse, match="each child once"):
        change(twice, pd.Series(["low"], index=["A"]), order=BANDS)
