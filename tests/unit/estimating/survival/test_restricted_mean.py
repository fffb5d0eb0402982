import numpy as np
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.survival import kaplan_meier, rmst

GROUP = ["a", "a", "a", "b", "b", "b"]


def test_it_is_the_area_under_the_curve():
    days, event = [3, 5, 5, 8, 8, 10], [1, 1, 0, 1, 0, 0]
    heights = [
        one.value for one in kaplan_meier(days, event, at=range(7)) if one.measure == "survival"
    ]
    assert rmst(days, event, until=7).one().value == pytest.approx(sum(heights))


def test_where_all_are_followed_it_is_the_mean_of_the_days():
    days = np.array([2, 4, 6, 9, 9])
    found = rmst(days, [1, 1, 1, 0, 0], until=9).one()
    assert found.value == pytest.approx(days.mean())
    assert found.se == pytest.approx(days.std() / np.sqrt(5))


def test_groups_differ_by_what_they_differ():
    found = rmst([1, 5, 9, 4, 8, 9], [1, 1, 1, 1, 1, 0], until=9, group=GROUP)
    a, b = found.one("rmst", "a"), found.one("rmst", "b")
    apart = found.one("rmst_difference")
    assert apart.value == pytest.approx(b.value - a.value)
    assert apart.se == pytest.approx(np.hypot(a.se, b.se))
    assert apart.design_level == 1
    assert found.one("rmst_ratio").value == pytest.approx(b.value / a.value)
    turned = rmst([1, 5, 9, 4, 8, 9], [1, 1, 1, 1, 1, 0], until=9, group=GROUP, reference="b")
    assert turned.one("rmst_difference").value == pytest.approx(-apart.value)
    assert turned.one("rmst_difference").p == pytest.approx(apart.p)


def test_more_than_two_groups_are_each_held_against_the_reference():
    found = rmst([1, 2, 3, 4, 5, 6], [1] * 6, until=4, group=list("aabbcc"), reference="b")
    names = [one.group for one in found if one.measure == "rmst_difference"]
    assert names == ["a v b", "c v b"]


def test_children_in_both_groups_are_not_two_children():
    """The same children before and after: what is alike in both falls out of the difference."""
    days, event, child = [3, 5, 9, 3, 5, 9], [1] * 6, [1, 2, 3, 1, 2, 3]
    apart = rmst(days, event, until=9, group=GROUP, cluster=child).one("rmst_difference")
    assert (apart.value, apart.low) == (0, None)


def test_weights_raise_the_level_and_give_robust_errors():
    more = {"until": 9, "group": GROUP, "weights": [1, 2, 1, 1, 1, 3]}
    found = rmst([1, 5, 9, 4, 8, 9], [1, 1, 1, 1, 1, 0], **more)
    assert found.one("rmst_difference").design_level == 3
    assert found.one("rmst", "a").value == pytest.approx((1 + 5 * 2 + 9) / 4)
    squares = 1 * (1 - 5) ** 2 + 4 * (5 - 5) ** 2 + 1 * (9 - 5) ** 2
    assert found.one("rmst", "a").se == pytest.approx(np.sqrt(squares) / 4)


def test_nothing_is_known_after_the_last_child_has_left():
    found = rmst([1, 5, 6, 4, 8, 9], [1, 1, 0, 1, 1, 0], until=8, group=GROUP)
    assert found.one("rmst", "a").why_not == "no_follow_up"
    assert found.one("rmst", "b").value is not None
    assert found.one("rmst_difference").why_not == "no_follow_up"
    assert rmst([1, 2], [1, 1], until=8).one().value == pytest.approx(1.5)


def test_without_events_there_are_no_limits():
    found = rmst([4, 5], [0, 0], until=4).one()
    assert (found.value, found.se, found.low) == (4, 0, None)


def test_all_events_on_day_0_leave_nothing_to_divide():
    found = rmst([0, 0, 3, 4], [1, 1, 1, 1], until=4, group=list("aabb"))
    assert found.one("rmst", "a").value == 0
    ratio = found.one("rmst_ratio")
    assert (ratio.value, ratio.why_not) == (None, "no_follow_up")
    turned = rmst([0, 0, 3, 4], [1, 1, 1, 1], until=4, group=list("aabb"), reference="b")
    ratio = turned.one("rmst_ratio")
    assert (ratio.value, ratio.low) == (0, None)


@pytest.mark.parametrize("more", [{"until": 0}, {"until": np.inf}, {"reference": "c"}])
def test_what_makes_no_sense_is_refused(more):
    with pytest.raises(WrongUse):
        rmst([1, 2], [1, 0], **({"until": 2, "group": ["a", "b"]} | more))
