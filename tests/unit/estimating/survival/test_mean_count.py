import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.survival import mean_cumulative


def made(rows):
    columns = ["child_key", "start", "stop", "events", "arm", "weight"]
    return pd.DataFrame([(*row, 1.0)[:6] for row in rows], columns=columns)


ROWS = made(
    [
        ("A", 0, 2, 1, "x"),
        ("A", 2, 5, 2, "x"),
        ("A", 7, 9, 0, "x"),
        ("B", 0, 6, 0, "x"),
        ("C", 0, 4, 1, "y"),
        ("C", 4, 9, 1, "y"),
        ("D", 3, 9, 1, "y"),
    ]
)


def values(found, measure="mean_events", field="value"):
    return [getattr(one, field) for one in found if one.measure == measure]


def test_means_by_hand():
    found = mean_cumulative(ROWS, at=[1, 2, 5, 9], group="arm")
    assert values(found)[:4] == pytest.approx([0, 1 / 2, 3 / 2, 3 / 2])
    assert values(found)[4:] == pytest.approx([0, 0, 1 / 2, 3 / 2])
    assert values(found, field="events") == [0, 1, 3, 3, 0, 0, 1, 3]
    assert values(found, field="with_events") == [0, 1, 1, 1, 0, 0, 1, 2]
    assert values(found, field="children") == [2, 2, 2, 1, 1, 1, 2, 2]
    assert values(found, field="of") == [2] * 8


def test_where_all_are_followed_it_is_the_mean_and_the_error_that_of_a_mean():
    events = [0, 1, 4, 0, 2, 7]
    rows = made([(number, 0, 30, count, "x") for number, count in enumerate(events)])
    one = mean_cumulative(rows, at=[30]).one()
    assert one.value == pytest.approx(np.mean(events))
    assert one.se == pytest.approx(np.std(events) / np.sqrt(6))
    naive = mean_cumulative(rows, at=[30], errors="poisson").one()
    assert naive.se == pytest.approx(np.sqrt(sum(events)) / 6)
    assert naive.se < one.se


def test_a_row_cut_in_two_changes_nothing():
    cut = made([("A", 0, 1, 0, "x"), ("A", 1, 2, 1, "x"), *ROWS.iloc[1:, :5].to_numpy().tolist()])
    one, other = (mean_cumulative(rows, at=[2, 6, 9], group="arm") for rows in (ROWS, cut))
    for field in ("value", "se", "low", "high", "children", "of"):
        for measure in ("mean_events", "mean_events_difference"):
            assert values(one, measure, field) == pytest.approx(values(other, measure, field))


def test_groups_differ_by_what_they_differ():
    rng = np.random.default_rng(1)
    rows = made(
        [(child, 0, 30, rng.poisson(2 + child % 2), "xy"[child % 2]) for child in range(40)]
    )
    found = mean_cumulative(rows, at=[30], group="arm")
    x, y = found.one("mean_events", "x"), found.one("mean_events", "y")
    apart = found.one("mean_events_difference", "contrast", 30)
    assert (apart.value, apart.se) == pytest.approx((y.value - x.value, np.hypot(x.se, y.se)))
    ratio = found.one("mean_events_ratio")
    assert ratio.value == pytest.approx(y.value / x.value)
    assert ratio.se == pytest.approx(np.hypot(x.se / x.value, y.se / y.value))
    assert (apart.children, apart.design_level) == (40, 1)
    naive = mean_cumulative(rows, at=[30], group="arm", errors="poisson")
    pair = [naive.one("mean_events", one).se for one in "xy"]
    assert naive.one("mean_events_difference").se == pytest.approx(np.hypot(*pair))


def test_the_error_is_the_sum_of_what_each_child_moves():
    """Children who stand in both groups, weights and gaps: against differences."""
    rng = np.random.default_rng(3)
    made_of = []
    for child in range(15):
        for number, start in enumerate((0, 6, 13)):
            stop = start + int(rng.integers(2, 7))
            arm = "xy"[(child + number) % 2]
            made_of.append((child, start, stop, int(rng.integers(0, 3)), arm))
    rows = made(made_of).assign(weight=rng.uniform(0.3, 2, 45))

    def means(rows):
        return mean_cumulative(rows, at=[8, 15], group="arm", weights="weight")

    step, plain = 1e-6, means(rows)
    for measure in ("mean_events", "mean_events_difference"):
        moved = []
        for child in range(15):
            changed = rows["weight"] * (1 + step * (rows["child_key"] == child))
            there = values(means(rows.assign(weight=changed)), measure)
            moved.append((np.array(there) - values(plain, measure)) / step)
        by_hand = np.sqrt((np.array(moved) ** 2).sum(axis=0))
        assert values(plain, measure, "se") == pytest.approx(by_hand, rel=1e-4)


def test_a_mean_of_nothing_has_no_limits_and_the_end_no_mean():
    found = mean_cumulative(ROWS, at=[1, 10])
    none, after = found.one(days=1), found.one(days=10)
    assert (none.value, none.low, none.high) == (0, None, None)
    assert (after.value, after.why_not) == (None, "no_follow_up")


def test_a_reference_without_events_gives_no_ratio():
    rows = made([("A", 0, 5, 0, "x"), ("B", 0, 5, 3, "y"), ("C", 0, 5, 1, "y")])
    found = mean_cumulative(rows, at=[5], group="arm")
    assert found.one("mean_events_ratio").why_not == "no_events"
    assert found.one("mean_events_difference").value == 2


def test_what_is_asked_of_columns_is_said():
    with pytest.raises(WrongUse, match="child_key, arm_"):
        mean_cumulative(ROWS.drop(columns="child_key"), at=[1], group="arm_")
    with pytest.raises(WrongUse, match="begin before"):
        mean_cumulative(made([("A", 0, 5, 0, "x"), ("A", 4, 6, 0, "x")]), at=[1])


@pytest.mark.parametrize(
    ("column", "value"), [("events", -1), ("events", 0.5), ("stop", 0), ("weight", -1)]
)
def test_what_makes_no_sense_is_refused(column, value):
    with pytest.raises(WrongUse):
        mean_cumulative(ROWS.assign(**{column: value}), at=[1], weights="weight")
    with pytest.raises(WrongUse):
        mean_cumulative(ROWS, at=[1], limits="log-log")
