import numpy as np
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.survival import log_rank


def test_a_table_by_hand():
    found = log_rank([1, 2, 3, 4], [1, 1, 1, 0], ["a", "a", "b", "b"])
    expected = 2 / 4 + 1 / 3
    variance = 1 / 4 + 2 / 9
    assert found.model.table["observed"].tolist() == [2, 1]
    assert found.model.table["expected"].tolist() == pytest.approx([expected, 3 - expected])
    assert found.one().value == pytest.approx((2 - expected) ** 2 / variance)
    assert found.one().method == "log_rank"


def test_a_probability_too_small_for_one_less_another():
    days = np.concatenate([np.arange(1, 401), np.arange(1001, 1401)])
    found = log_rank(days, np.ones(800), np.repeat(["a", "b"], 400)).one()
    assert 0 < found.p < 1e-100


def test_strata_are_compared_within():
    """All of the difference is between strata; within them there is none."""
    days, event = [1, 2, 1, 2, 8, 9, 8, 9], [1] * 8
    group = ["a", "b", "b", "a", "b", "a", "a", "b"]
    strata = [1, 1, 1, 1, 2, 2, 2, 2]
    assert log_rank(days, event, group, strata=strata).one().value == pytest.approx(0)


def test_who_is_not_yet_there_is_not_at_risk():
    late = log_rank([2, 4, 6, 8], [1] * 4, ["a", "a", "b", "b"], entry=[0, 0, 5, 5])
    assert late.one().why_not == "no_comparison"  # never at risk together
    assert [one.trap for one in late.beware] == ["truncation"]
    one = log_rank([2, 4, 6, 8], [1] * 4, list("abab"), entry=[0, 0, 3, 0])
    assert one.model.table["expected"].tolist() == pytest.approx([1 / 3 + 1 / 3 + 1 / 2, 17 / 6])


def test_early_differences_count_more_with_rho():
    days = [1, 2, 3, 4, 10, 15, 16, 5, 6, 7, 8, 9, 11, 12]
    group = ["a"] * 7 + ["b"] * 7
    plain, early = (log_rank(days, [1] * 14, group, rho=rho).one() for rho in (0, 1))
    assert (plain.method, early.method) == ("log_rank", "peto_peto")
    assert early.value > plain.value


def test_a_group_without_expected_events_takes_no_part():
    days, event, group = [5, 6, 7, 8, 1], [1, 1, 1, 0, 0], list("aabbc")
    assert log_rank(days, event, group).model.df == 1
    without = log_rank(days[:4], event[:4], group[:4]).one()
    assert log_rank(days, event, group).one().value == pytest.approx(without.value)


def test_nothing_to_test_is_no_value():
    assert log_rank([1, 2], [0, 0], ["a", "b"]).one().why_not == "no_events"
    assert log_rank([1, 2], [1, 1], ["a", "a"]).one().why_not == "no_comparison"
    alone = log_rank([1, 2, 3, 4], [1] * 4, list("aabb"), strata=[1, 1, 2, 2])
    assert (alone.one().value, alone.one().p, alone.model.df) == (None, None, 0)


def test_a_pair_of_strata_that_share_no_group_lose_a_degree_of_freedom():
    found = log_rank([1, 2, 3, 4, 5, 6, 7, 8], [1] * 8, list("ababcdcd"), strata=[1] * 4 + [2] * 4)
    apart = [log_rank([1, 2, 3, 4], [1] * 4, list("abab")).one().value] * 2
    assert found.model.df == 2
    assert found.one().value == pytest.approx(sum(apart))


@pytest.mark.parametrize("more", [{"rho": -1}, {"strata": [1, None]}, {"entry": [1, 2]}])
def test_what_makes_no_sense_is_refused(more):
    with pytest.raises(WrongUse):
        log_rank([1, 2], [1, 0], ["a", "b"], **more)
