import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.survival import cumulative_incidence, kaplan_meier

DAYS = [1, 2, 2, 3, 4, 5]
KIND = [1, 2, 0, 1, 2, 0]


def values(found):
    return [one.value for one in found]


def test_shares_by_hand():
    found = cumulative_incidence(DAYS, KIND, at=[1, 2, 3, 4])
    one = [1 / 6, 1 / 6, 1 / 6 + 4 / 6 * 1 / 3]
    other = [0, 1 / 6, 1 / 6]
    assert values(found.of(1)) == pytest.approx([*one, one[-1]])
    assert values(found.of(2)) == pytest.approx([*other, 1 / 6 + 4 / 9 * 1 / 2])
    assert [one.events for one in found.of(1)] == [1, 1, 2, 2]
    assert [one.children for one in found.of(1)] == [6, 5, 3, 2]


def test_all_kinds_and_none_make_one():
    rng = np.random.default_rng(2)
    days, kind = rng.integers(1, 20, 200), rng.integers(0, 4, 200)
    found = cumulative_incidence(days, kind, at=[3, 8, 15])
    free = kaplan_meier(days, kind > 0, at=[3, 8, 15])
    for day in (3, 8, 15):
        shares = sum(found.one(days=day, outcome=one).value for one in (1, 2, 3))
        assert shares == pytest.approx(1 - free.one("survival", days=day).value)


def test_one_kind_alone_is_what_the_curve_leaves():
    found = cumulative_incidence(DAYS, np.array(KIND) > 0, at=[2, 4], censored=False)
    curve = kaplan_meier(DAYS, np.array(KIND) > 0, at=[2, 4])
    for day in (2, 4):
        one, free = found.one(days=day), curve.one("survival", days=day)
        assert (1 - one.value, one.se) == pytest.approx((free.value, free.se))
    assert "competing_events" not in [one.trap for one in found.beware]


def test_it_warns_of_one_less_the_curve_and_is_below_it():
    found = cumulative_incidence(DAYS, KIND, at=[4])
    assert found.beware[0].trap == "competing_events"
    assert "1: 2; 2: 2" in str(found.beware[0].text)
    naive = 1 - kaplan_meier(DAYS, np.array(KIND) == 1, at=[4]).one("survival").value
    assert found.one(outcome=1).value < naive


def test_the_error_is_the_sum_of_what_each_weight_moves():
    rng = np.random.default_rng(3)
    entry = rng.integers(0, 6, 40)
    days, kind = entry + rng.integers(1, 9, 40), rng.integers(0, 3, 40)
    weights, cluster = rng.uniform(0.2, 2, 40), rng.integers(0, 12, 40)

    def shares(weights):
        more = {"at": [4, 9], "entry": entry, "weights": weights, "cluster": cluster}
        return cumulative_incidence(days, kind, **more)

    step, plain = 1e-6, np.array(values(shares(weights)))
    moved = [
        (np.array(values(shares(weights * (1 + step * (cluster == one))))) - plain) / step
        for one in range(12)
    ]
    errors = [one.se for one in shares(weights)]
    assert errors == pytest.approx(np.sqrt((np.array(moved) ** 2).sum(axis=0)), rel=1e-4)


def test_labels_are_kinds_and_one_of_them_is_none():
    kind = pd.Categorical(["home", "none", "moved"], categories=["none", "moved", "home"])
    found = cumulative_incidence([1, 2, 3], kind, at=[3], censored="none")
    assert [(one.outcome, one.value) for one in found] == [
        ("moved", pytest.approx(2 / 3)),
        ("home", pytest.approx(1 / 3)),
    ]
    floats = cumulative_incidence([1, 2, 3], [1.0, 0.0, 2.0], at=[3])
    assert [one.outcome for one in floats] == ["1", "2"]


def test_nothing_is_known_after_the_last_child_has_left_unless_all_had_an_event():
    assert cumulative_incidence(DAYS, KIND, at=[6]).one(outcome=1).why_not == "no_follow_up"
    assert cumulative_incidence([1, 2], [1, 2], at=[6]).one(outcome=1).value == 0.5


def test_a_group_without_a_kind_has_none_of_it():
    found = cumulative_incidence([1, 2, 3, 4], [1, 0, 2, 0], at=[3], group=list("aabb"))
    none = found.one(group="a", days=3, outcome=2)
    assert (none.value, none.why_not) == (None, "no_follow_up")
    none = found.one(group="b", days=3, outcome=1)
    assert (none.value, none.low, none.events) == (0, None, 0)


def test_without_events_there_are_no_kinds():
    assert cumulative_incidence([1, 2], [0, 0], at=[1]).estimates == ()


def test_labels_need_to_be_told_which_means_none():
    with pytest.raises(WrongUse, match="censored="):
        cumulative_incidence([1, 2, 3], ["home", "none", "moved"], at=[3])
    all_had = cumulative_incidence([1, 2], ["home", "moved"], at=[3], censored="none")
    assert values(all_had) == [0.5, 0.5]


def test_without_days_each_day_of_an_event_is_told():
    assert [one.days for one in cumulative_incidence(DAYS, KIND).of(1)] == [1, 2, 3, 4]


def test_what_makes_no_sense_is_refused():
    with pytest.raises(WrongUse):
        cumulative_incidence([1, 2], [1, None], at=[1])
    with pytest.raises(WrongUse):
        cumulative_incidence([1, 2], [1], at=[1])
    with pytest.raises(WrongUse, match="'3'"):
        cumulative_incidence(DAYS, KIND, at=[1]).of(3)


def test_one_figure_is_asked_for_by_its_outcome():
    found = cumulative_incidence(DAYS, KIND, at=[3])
    assert found.one(outcome=2).outcome == found.one(outcome="2").outcome == "2"
    with pytest.raises(WrongUse, match="cumulative_incidence, all, 3, 1; "):
        found.one(days=3)
