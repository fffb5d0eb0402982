import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.multiplicity import benjamini_hochberg, holm
from evaluation.language import _
from evaluation.nouns import Estimate

P = [0.04, 0.001, 0.03, 0.2, 0.011]


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_an_adjusted_p_is_never_smaller_and_keeps_its_order(adjust):
    found = [one.p for one in adjust(P)]
    assert all(new >= old for new, old in zip(found, P, strict=True))
    assert (np.diff(np.array(found)[np.argsort(P)]) >= 0).all()
    assert max(found) <= 1


def test_holm_by_hand():
    assert [one.p for one in holm([0.01, 0.04])] == pytest.approx([0.02, 0.04])
    assert [one.p for one in holm([0.9, 0.8])] == [1, 1]


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_what_has_no_p_is_no_test(adjust):
    found = adjust([0.01, None, 0.04, np.nan])
    assert (found.tests, found.skipped) == (2, 2)
    assert found.estimates[1].p is None
    assert found.estimates[3].p is None
    assert [found.estimates[0].p, found.estimates[2].p] == [one.p for one in adjust([0.01, 0.04])]
    assert found.p["p"].isna().sum() == 2
    assert adjust([None]).tests == 0
    assert adjust([]).estimates == ()


def test_estimates_keep_all_but_their_p():
    rows = (
        Estimate("s", "rate_ratio", "contrast", days=90, value=0.5, p=0.02, method="nb2"),
        Estimate("s", "rate", "all", value=3.0),
        Estimate("s", "rate_ratio", "contrast", days=182, value=0.7, p=0.03),
    )
    warned = (Beware("few_events", _("Few.")),)
    found = holm(Found(estimates=rows, beware=warned))
    assert found.one("rate_ratio", days=90) == Estimate(
        "s", "rate_ratio", "contrast", days=90, value=0.5, p=0.04, method="nb2"
    )
    assert found.estimates[1] is rows[1]
    assert found.beware == warned
    assert holm(rows).estimates == holm(list(rows)).estimates == found.estimates


def test_p_values_keep_their_labels():
    found = benjamini_hochberg(pd.Series([0.01, 0.02], index=["age", "sex"]))
    assert [one.group for one in found] == ["age", "sex"]
    assert benjamini_hochberg({"age": 0.01, "sex": 0.02}).estimates == found.estimates
    assert [one.group for one in holm(np.array([0.1, 0.2]))] == ["1", "2"]


@pytest.mark.parametrize("wrong", [[1.2], [-0.1], ["x"], [Estimate("", "rate"), 0.2]])
def test_what_is_no_p_is_refused(wrong):
    with pytest.raises(WrongUse):
        holm(wrong)
