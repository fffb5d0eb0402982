import numpy as np
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.balance import effective_sample_size, outside_common_support
from evaluation.estimating.recipe import Recipe

SCORE = np.array([[0.8, 0.5, 0.4, 0.2, 0.1]])
TREATED = np.array([True, True, False, False, False])
EVEN = np.ones((1, 5))


def weights(*, drawn=EVEN, **recipe):
    return Recipe(**recipe).weights(SCORE, TREATED, drawn)[0].tolist()


def test_whose_effect_it_is_makes_the_weight():
    assert weights(estimand="att") == pytest.approx([1, 1, 0.4 / 0.6, 0.25, 1 / 9])
    assert weights(estimand="ate") == pytest.approx([1.25, 2, 1 / 0.6, 1.25, 1 / 0.9])
    assert weights(estimand="ato") == pytest.approx([0.2, 0.5, 0.4, 0.2, 0.1])


def test_stabilised_weights_are_a_multiple_within_an_arm():
    plain, stabilised = weights(estimand="ate"), weights(estimand="ate", stabilised=True)
    assert np.divide(stabilised, plain) == pytest.approx([0.4, 0.4, 0.6, 0.6, 0.6])
    plain, stabilised = weights(), weights(stabilised=True)
    assert np.divide(stabilised, plain) == pytest.approx([1, 1, 1.5, 1.5, 1.5])


def test_truncated_at_the_quantile_that_r_gives():
    whole = np.array(weights())
    top = np.quantile(whole[2:], 0.6)
    assert weights(truncate=0.6) == pytest.approx([1, 1, *np.minimum(whole[2:], top)])
    whole = np.array(weights(estimand="ate"))
    top = np.quantile(whole, 0.75)
    assert weights(estimand="ate", truncate=0.75) == pytest.approx(list(np.minimum(whole, top)))


def test_a_quantile_of_drawn_children_counts_each_as_often_as_drawn():
    times = np.array([[1, 3, 0, 2, 4.0]])
    whole = np.array(weights(estimand="ate"))
    top = np.quantile(whole.repeat(times[0].astype(int)), 0.7)
    found = weights(estimand="ate", truncate=0.7, drawn=times)
    assert found == pytest.approx(list(np.minimum(whole, top)))


@pytest.mark.parametrize("wrong", [{"estimand": "atc"}, {"truncate": 0.01}, {"truncate": 1.0}])
def test_other_recipes_are_refused(wrong):
    with pytest.raises(WrongUse):
        Recipe(**wrong)


@pytest.mark.parametrize("estimand", ["att", "ate", "ato"])
def test_slopes_are_those_of_the_weights_and_targets(estimand):
    recipe, step = Recipe(estimand), 1e-6
    logit = np.log(SCORE[0] / (1 - SCORE[0]))

    def at(shift, what):
        score = 1 / (1 + np.exp(-(logit + shift)))
        if what == "tilt":
            return recipe.tilt(score, TREATED)[0]
        return np.log(recipe.whole(score[np.newaxis, :], TREATED, EVEN)[0])

    for what, slope in (
        ("weight", recipe.slope(SCORE[0], TREATED)),
        ("tilt", recipe.tilt(SCORE[0], TREATED)[1]),
    ):
        by_steps = (at(step, what) - at(-step, what)) / (2 * step)
        assert slope == pytest.approx(by_steps, abs=1e-8)


def test_outside_the_common_range_of_scores():
    score = np.array([0.9, 0.5, 0.3, 0.5, 0.3, 0.1])
    treated = np.array([True, True, True, False, False, False])
    outside = outside_common_support(score, treated)
    assert np.flatnonzero(outside).tolist() == [0, 5]


def test_even_weights_lose_no_children():
    assert effective_sample_size(np.full(7, 0.3)) == pytest.approx(7)
    assert effective_sample_size(np.zeros(3)) == 0
