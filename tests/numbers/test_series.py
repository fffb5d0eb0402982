"""Interrupted series, control charts and funnels, as R has them (4.2.2, sandwich 3.0-2, lmtest 0.9-40).

The reference file has no such cases; these were made with the calls that the comments name, on
counts that R drew (set.seed(11)). Conventions: NeweyWest with prewhite = FALSE and its default
adjust = FALSE; intervals take Student's t where R's coefci of a Poisson takes the normal.
"""

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.charts import funnel, p_chart
from evaluation.estimating.series import interrupted_series

CASES = frozenset()

EVENTS = [
    28, 27, 35, 26, 36, 40, 30, 27, 24, 18, 22, 23, 32, 34, 41, 45, 32, 29, 16, 25, 25, 32, 25, 24,
    31, 30, 37, 36, 43, 36, 22, 17, 12, 20, 26, 24, 23, 27, 40, 26, 29, 25, 22, 24, 16, 23, 17, 17,
]  # fmt: skip
SPREAD = [
    29, 21, 20, 25, 38, 45, 34, 19, 26, 15, 28, 15, 71, 43, 34, 32, 37, 34, 30, 28, 40, 29, 42, 21,
    35, 45, 47, 43, 36, 29, 20, 28, 32, 7, 22, 24, 30, 15, 34, 29, 35, 15, 23, 11, 11, 19, 21, 27,
]  # fmt: skip
OTHERS = [
    29, 30, 44, 48, 34, 49, 28, 33, 44, 23, 29, 45, 56, 52, 57, 57, 58, 47, 41, 35, 39, 45, 29, 29,
    43, 62, 58, 54, 51, 58, 36, 29, 23, 27, 35, 36, 40, 39, 49, 53, 44, 42, 39, 45, 33, 39, 40, 26,
]  # fmt: skip
DAYS = [
    2777, 2501, 3011, 2514, 2565, 3455, 2586, 2790, 3381, 2623, 2675, 2941, 3407, 3351, 3234, 3074,
    2982, 2831, 2658, 2980, 2704, 3180, 2864, 2850, 2562, 2983, 2899, 2516, 2625, 2898, 3005, 2828,
    2912, 2702, 3313, 3142, 2777, 2604, 2756, 2558, 2747, 2715, 2994, 3153, 2829, 3364, 3138, 2514,
]  # fmt: skip
SERIES = pd.DataFrame({"period": range(48), "events": EVENTS, "spread": SPREAD, "days": DAYS})
HOW = {"interruption": 30, "exposure": "days"}

COEFFICIENT = {"rel": 1e-6, "abs": 1e-9}
ERROR = {"rel": 1e-5}


# R: m <- glm(y ~ t + level + since + s1 + c1 + s2 + c2 + offset(log(days)), poisson); coef(m)
COEFFICIENTS = [-4.67133285055288392, 0.00436674481182456, -0.23814007728388550,
                -0.00623312917129503, 0.27250732934080862, 0.02703536095100735,
                -0.02159587318229447, -0.04448033960165700]  # fmt: skip
# Its errors by R's NeweyWest with lag = L and prewhite = FALSE
NEWEY_WEST = {
    0: [0.04682951297455484, 0.00268902640812452, 0.09120394260592872, 0.00717502362452114,
        0.03126465016134111, 0.02979019320886449, 0.02721416984649497, 0.03098066721526443],
    1: [0.05171639660265438, 0.00280006339516163, 0.09648443571030967, 0.00756714606766657,
        0.03185471417384374, 0.03330432297346603, 0.02911009400383982, 0.03015993618910156],
    3: [0.04854090333162810, 0.00238734161839451, 0.09414571224185991, 0.00720770648719346,
        0.02846929519814670, 0.03660855614659732, 0.02942810804428996, 0.03299497062949717],
    6: [0.03977142043404720, 0.00175440829738953, 0.08781179543295825, 0.00618734683712163,
        0.02960998678814231, 0.03744564103873912, 0.03130686551544381, 0.03699559398969016],
}  # fmt: skip


@pytest.mark.parametrize("lag", NEWEY_WEST)
def test_newey_west_of_a_poisson(lag):
    found = interrupted_series(SERIES, **HOW, lag=lag)
    assert found.model.params.tolist() == pytest.approx(COEFFICIENTS, **COEFFICIENT)
    assert found.model.bse.tolist() == pytest.approx(NEWEY_WEST[lag], rel=1e-6)
    level = found.one("level_ratio")
    assert np.log(level.value) == pytest.approx(COEFFICIENTS[2], **COEFFICIENT)
    assert level.se == pytest.approx(NEWEY_WEST[lag][2], rel=1e-6)


def test_a_quasi_poisson():
    # By R's summary of a quasipoisson glm
    found = interrupted_series(SERIES, **HOW, covariance="model")
    errors = [0.05423209758339526, 0.00312047551590074, 0.09896188091740493, 0.00878787557753673]
    assert found.model.bse.tolist()[:4] == pytest.approx(errors, **ERROR)
    assert found.one("dispersion").value == pytest.approx(0.667098164775664, **COEFFICIENT)
    assert found.one("level_ratio").p == pytest.approx(0.0208220207416093, **COEFFICIENT)
    # By R's Box.test of its Pearson residuals, lag = 9, type = "Ljung-Box"
    assert found.one("ljung_box").value == pytest.approx(9.4252887748, **COEFFICIENT)


def test_the_effect_17_months_on_by_the_delta_method():
    # R's NeweyWest(lag = 3), and the gradients by hand.
    found = interrupted_series(SERIES, **HOW, lag=3)
    ratio, difference = (found.one(m, "after_17") for m in ("rate_ratio", "rate_difference"))
    assert (ratio.value, difference.value) == pytest.approx((0.708855718474, -0.297827764636))
    assert (ratio.se, difference.se) == pytest.approx((0.0962459375874, 0.089196015999), **ERROR)
    assert found.one("fitted_rate").value == pytest.approx(0.725128149439, **COEFFICIENT)
    assert found.one("counterfactual_rate").value == pytest.approx(1.02295591408, **COEFFICIENT)
    total = found.one("events_difference")
    assert total.value == pytest.approx(-138.744121406, **COEFFICIENT)
    assert total.se == pytest.approx(37.4945882434, **ERROR)


def test_newey_west_of_a_negative_binomial():
    # glm.nb(y2 ~ t + level + since + s1 + c1 + offset(log(days))); NeweyWest(nb, lag = 3, ...).
    # glm.nb stops short of theta's end in the seventh digit.
    found = interrupted_series(
        SERIES, **HOW, outcome="spread", family="negative_binomial", harmonics=1, lag=3
    )
    coefficients = [-4.6942365872300265, 0.0128046988734949, -0.4148194711099981,
                    -0.0244841876968077, 0.1975323444652451, 0.0656985038071391]  # fmt: skip
    errors = [0.09572131929555337, 0.00492468017105274, 0.12841175777259645,
              0.01393619711363836, 0.05528609241284960, 0.05756052652221764]  # fmt: skip
    assert found.model.params.tolist() == pytest.approx(coefficients, rel=1e-6)
    assert found.model.bse.tolist() == pytest.approx(errors, **ERROR)
    assert found.model.model.family.alpha == pytest.approx(1 / 18.205110760726, rel=1e-5)
    plain = interrupted_series(
        SERIES, **HOW, outcome="spread", family="negative_binomial", harmonics=1,
        covariance="model",
    )  # fmt: skip
    errors = [0.10653710077271704, 0.00617355323846423, 0.18066248458964340]
    assert plain.model.bse.tolist()[:3] == pytest.approx(errors, **ERROR)


def test_newey_west_of_least_squares():
    # By R's lm(g ~ t + level + since): NeweyWest with lag = 4, vcov, and bgtest with order = 9
    rates = SERIES.assign(rate=100 * SERIES["events"] / SERIES["days"])
    how = {"interruption": 30, "outcome": "rate", "family": "gaussian", "harmonics": 0}
    found = interrupted_series(rates, **how, lag=4)
    assert found.model.params.tolist() == pytest.approx(
        [0.97066020044956680, 0.00580971515031285, -0.34519909136867122, -0.00638986265857330],
        **COEFFICIENT,
    )
    assert found.model.bse.tolist() == pytest.approx(
        [0.11550426916174605, 0.00745578388709763, 0.21820572841592514, 0.01385494530514506],
        **ERROR,
    )
    plain = interrupted_series(rates, **how, covariance="model").one("level_difference")
    assert plain.se == pytest.approx(0.1429527159807776, **ERROR)
    godfrey = found.one("breusch_godfrey")
    assert (godfrey.value, godfrey.p) == pytest.approx((28.4507729482, 0.000801687425021))


def test_a_comparison_series_hit_by_the_same_weather():
    # R: vcovPL(k, cluster = t, order.by = t, lag = 3, aggregate = TRUE, adjust = FALSE)
    both = pd.concat([SERIES.assign(area="ours"), SERIES.assign(area="theirs", events=OTHERS)])
    found = interrupted_series(both, **HOW, arm="area", treated="ours", harmonics=1, lag=3)
    ours = {
        "intercept": (-4.430901773052280, 0.03837529727447),
        "time": (0.012697244286870, 0.00187156639051),
        "level": (-0.359951823425143, 0.04841125992299),
        "slope": (0.000375800964973, 0.00460521988235),
        "treated": (-0.244207507370926, 0.06768625935837),
        "treated:time": (-0.007845496060296, 0.00361553719185),
        "treated:level": (0.094306293598019, 0.09839916931324),
        "treated:slope": (-0.005263900645231, 0.00650322855946),
        "sin_1": (0.264898293483920, 0.01894796982962),
        "cos_1": (0.015647753586337, 0.01867785024518),
    }
    assert found.model.params[list(ours)].tolist() == pytest.approx(
        [value for value, _error in ours.values()], **COEFFICIENT
    )
    assert found.model.bse[list(ours)].tolist() == pytest.approx(
        [error for _value, error in ours.values()], **ERROR
    )
    assert found.one("level_ratio").se == pytest.approx(0.09839916931324, **ERROR)


PLACES, OF = [12, 30, 41, 3, 55, 9, 20, 77], [40, 90, 80, 9, 200, 31, 64, 150]
EXPECTED = [10.5, 33.2, 28.9, 4.4, 60.1, 7.7, 21, 52.3]


def test_exact_limits_of_a_funnel():
    # r <- qbinom(p, n, t); (r - (pbinom(r, n, t) - p) / dbinom(r, n, t)) / n, and so for qpois
    share = funnel(PLACES, OF, kind="proportion").points
    assert share["low_95"].tolist() == pytest.approx(
        [0.2116632280196, 0.2679514693754, 0.2615022583074, 0.0134484655584,
         0.3030258402897, 0.1901295553600, 0.2476834925373, 0.2920898059348])  # fmt: skip
    assert share["high_998"].tolist() == pytest.approx(
        [0.600746401340, 0.527529872147, 0.536226929405, 0.842582890089,
         0.476778339243, 0.633937491851, 0.555944112076, 0.492622481825])  # fmt: skip
    assert share["low_998"].tolist()[3] == 0  # -0.104: there are no fewer than none
    ratio = funnel(PLACES, EXPECTED, kind="ratio").points
    assert ratio["low_95"].tolist()[:2] == pytest.approx([0.3936557246591, 0.6594485821780])
    assert ratio["high_998"].tolist() == pytest.approx(
        [2.03804484618, 1.56270622070, 1.60605847520, 2.66967577524,
         1.41323619973, 2.21905086531, 1.71405546418, 1.44471490635])  # fmt: skip


def test_the_spread_between_places_as_in_funnelplotr():
    # FunnelPlotR's winsorisation, phi_func and tau_func (its method 'CQC'), written out in R.
    ratio = funnel(PLACES, EXPECTED, kind="ratio", spread="additive")
    assert (ratio.phi, ratio.tau**2) == pytest.approx((1.43922943603131, 0.00636734883944))
    assert ratio.points["high_998"].tolist() == pytest.approx(
        [2.36181402465, 1.86131407621, 1.90081360066, 3.15695932053,
         1.73465413744, 2.58881253269, 2.00993059430, 1.75899613076])  # fmt: skip
    assert ratio.points["low_998"].iloc[0] == pytest.approx(0.2145362210692)
    share = funnel(PLACES, OF, kind="proportion", spread="additive")
    assert (share.phi, share.tau**2) == pytest.approx((2.55936190267923, 0.00626286575341))
    assert share.points["high_95"].tolist()[:2] == pytest.approx([0.589308070284, 0.556781638374])
    log = funnel(PLACES, EXPECTED, kind="ratio", spread="additive", scale="log")
    assert (log.phi, log.tau**2) == pytest.approx((1.2424879597852, 0.0165884577076))
    assert log.points["high_95"].tolist()[:2] == pytest.approx([1.92595377681, 1.52743878693])


def test_a_p_chart_and_its_wider_one():
    # qicharts2's qic(chart = "p") and "pp", its formulas written out; it leaves extreme moving
    # ranges out ('screen'), of which there are none here.
    share, of = np.array(PLACES) / np.array(OF), np.array(OF)
    middle = sum(PLACES) / sum(OF)
    error = np.sqrt(middle * (1 - middle) / of)
    plain = p_chart(PLACES, OF, spread="counts").points
    assert plain["high"].tolist() == pytest.approx(np.minimum(middle + 3 * error, 1).tolist())
    wide = np.abs(np.diff((share - middle) / error)).mean() / 1.128
    laney = p_chart(PLACES, OF, spread="laney", screen=True).points
    assert laney["low"].tolist() == pytest.approx(np.maximum(middle - 3 * error * wide, 0).tolist())
