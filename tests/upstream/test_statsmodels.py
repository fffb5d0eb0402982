"""What is wrong in statsmodels 0.15.0, one test a defect: each fails when a release has mended it.

Then read the report of that number in docs/upstream, take our own way out where it is no longer
needed, and delete the test and the report.
"""

import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.discrete.conditional_models import ConditionalPoisson
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.stats.contingency_tables import SquareTable
from statsmodels.treatment.treatment_effects import TreatmentEffect

pytestmark = pytest.mark.filterwarnings("ignore")


def still(is_wrong, report, do):
    """Fail, and say what to do, where the defect is gone."""
    assert is_wrong, f"statsmodels has mended docs/upstream/{report}. {do}"


def differ(one, other):
    return not np.allclose(one, other, rtol=1e-4, equal_nan=True)


def test_survfunc_gives_the_error_of_the_cumulative_hazard_under_weights():
    time, status = [1, 2, 3, 4], [1, 1, 1, 0]
    plain = SurvfuncRight(time, status).surv_prob_se
    weighted = SurvfuncRight(time, status, freq_weights=np.ones(4)).surv_prob_se
    still(
        differ(plain, weighted),
        "01",
        "estimating/survival may take weighted errors from SurvfuncRight.",
    )


def test_survdiff_fails_with_strata_and_entry():
    time, group = np.array([2.0, 3, 4, 5] * 2), np.array([0, 1] * 4)
    try:
        survdiff(time, np.ones(8), group, strata=np.repeat([0, 1], 4), entry=np.zeros(8))
    except IndexError:
        return
    still(False, "02", "estimating/survival/ranks.py may call survdiff.")


def phreg(time, x, **more):
    return PHReg(np.asarray(time, float), np.asarray(x, float), **more)


TIME = np.array([1.0, 2, 3, 4, 5, 6])
EVENT = np.array([1, 1, 1, 1, 0, 1])
X = np.array([1.0, 0, 2, 1, 0, 1])


def test_phreg_counts_a_row_as_at_risk_at_its_own_entry():
    later = TIME > 3
    split = phreg(
        [*np.minimum(TIME, 3), *TIME[later]],
        [*X, *X[later]],
        status=np.array([*np.where(later, 0, EVENT), *EVENT[later]]),
        entry=np.array([0.0] * 6 + [3.0] * later.sum()),
    )
    whole = phreg(TIME, X, status=EVENT)
    still(
        differ(split.fit().params, whole.fit().params),
        "03",
        "Cross-checks in the tests need entry + 0.5 no longer.",
    )


CHILD = np.array([1, 2, 2, 3, 3, 4])


def test_phreg_has_no_clustered_errors_where_a_row_is_censored_before_the_first_event():
    early = phreg([0.5, *TIME], [1, *X], status=np.array([0, *EVENT]), entry=np.zeros(7)).fit(
        groups=np.array([1, *CHILD])
    )
    still(np.isnan(early.bse).all(), "04 (1)", "Its clustered errors may serve as a cross-check.")


def test_phreg_has_other_clustered_errors_where_a_row_holds_no_event_time():
    # (4, 5] of child 3, censored, is split at 4.25 and 4.5: no event lies between.
    split = phreg(
        [1, 2, 3, 4, 4.25, 4.5, 5, 6],
        [*X[:4], 0, 0, 0, 1],
        status=np.array([1, 1, 1, 1, 0, 0, 0, 1]),
        entry=np.array([0, 0, 0, 0, 0, 4.25, 4.5, 0]),
    ).fit(groups=np.array([1, 2, 2, 3, 3, 3, 3, 4]))
    whole = phreg(TIME, X, status=EVENT).fit(groups=CHILD)
    assert not differ(split.params, whole.params)
    still(
        differ(split.bse, whole.bse), "04 (2)", "Its clustered errors may serve as a cross-check."
    )


def test_phreg_has_breslow_errors_under_efron():
    time, status, x = [1, 2, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 0, 1], [1, 0, 2, 2, 1, 0, 1]
    fit = phreg(time, x, status=np.array(status), ties="efron").fit(groups=[1, 2, 2, 3, 3, 4, 4])
    in_r = 0.53395017  # coxph(Surv(time, status) ~ x, cluster = child, ties = "efron")
    still(differ(fit.bse, in_r), "04 (3)", "Its clustered errors may serve as a cross-check.")


def test_phreg_has_a_cumulative_hazard_that_is_one_event_late():
    model = phreg(TIME, X, status=EVENT)
    hazard = model.baseline_cumulative_hazard(np.zeros(1))[0][1]
    still(
        hazard[0] == 0,
        "05",
        "estimating/cox/baseline.py may be checked against it.",
    )
    still(
        abs(model.fit().martingale_residuals.sum()) > 0.1,
        "05",
        "estimating/cox/residuals.py may be checked against it.",
    )


def test_phreg_takes_collinear_columns_in_silence():
    rng = np.random.default_rng(1)
    time, x, z = rng.exponential(size=50), rng.normal(size=50), rng.normal(size=50)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            fit = phreg(time, np.column_stack([x, z, 0.1 * x + 0.3 * z]), status=np.ones(50)).fit()
        except (ValueError, np.linalg.LinAlgError):
            still(False, "06", "It refuses collinear columns, as estimating/cox does.")
    still(
        fit.bse.max() > 1e5 and not said, "06", "It tells of collinear columns, as estimating/cox."
    )


def test_phreg_takes_statuses_of_one_and_two_in_silence():
    try:
        fit = phreg(TIME, X, status=EVENT + 1).fit()
    except ValueError:
        still(False, "06", "It refuses other statuses than 0 and 1, as estimating/cox does.")
    still(
        differ(fit.params, phreg(TIME, X, status=EVENT).fit().params),
        "06",
        "It takes 2 for an event.",
    )


def counts(rows, shape, seed=0):
    rng = np.random.default_rng(seed)
    x = sm.add_constant(rng.integers(0, 2, rows))
    return rng.poisson(np.exp(x @ [0.0, -0.3]) * rng.gamma(shape, 1 / shape, rows)), x


def test_newton_says_that_nan_has_converged():
    y, x = counts(50, 5)
    fit = sm.NegativeBinomial(y, x).fit(method="newton", disp=False)
    still(
        np.isnan(fit.params).all() and fit.mle_retvals["converged"],
        "07",
        "`converged` may be believed beside the gradient in estimating/counts.",
    )


def test_bfgs_stops_before_the_optimum():
    rng = np.random.default_rng(0)
    x = np.column_stack([np.ones(5000), rng.integers(0, 2, 5000), rng.normal(15, 2, 5000)])
    days = rng.integers(30, 366, 5000)
    y = rng.poisson(days * np.exp(x @ [-6.0, -0.3, 0.1]) * rng.gamma(0.5, 2, 5000))
    model = sm.NegativeBinomial(y, x, exposure=days)
    fit = model.fit(method="bfgs", maxiter=1000, disp=False)
    assert fit.mle_retvals["converged"]
    still(
        np.abs(model.score(fit.params)).max() > 1e-3,
        "08",
        "estimating/counts need not finish by Newton's method.",
    )


def test_the_negative_binomial_ignores_weights():
    y, x = counts(100, 1)
    twice = np.where(y > 1, 2, 1)
    try:
        weighted = sm.NegativeBinomial(y, x, freq_weights=twice).fit(disp=False)
    except (TypeError, ValueError):
        still(False, "09", "It refuses weights now: nothing of ours changes.")
    repeated = sm.NegativeBinomial(y.repeat(twice), x.repeat(twice, axis=0)).fit(disp=False)
    still(
        differ(weighted.params, repeated.params),
        "09",
        "estimating/counts may hand weights to NegativeBinomial.",
    )


@pytest.mark.parametrize("kind", ["HC1", "HC2", "HC3"])
def test_discrete_models_give_hc0_under_other_names(kind):
    y, x = counts(30, 1)
    try:
        corrected = sm.Poisson(y, x).fit(disp=False, cov_type=kind).bse
    except (NotImplementedError, ValueError):
        still(False, "10", f"{kind} is refused: nothing of ours changes.")
    plain = sm.Poisson(y, x).fit(disp=False, cov_type="HC0").bse
    still(
        not differ(plain, corrected), "10", f"{kind} may be offered in estimating/counts/robust.py."
    )


def test_conditional_poisson_drops_groups_of_equal_counts():
    y = np.array([2, 2, 1, 3, 4, 6, 0, 1])  # 7 before, 12 after, by design
    child, after = np.repeat(np.arange(4), 2), np.tile([0.0, 1.0], 4)
    fit = ConditionalPoisson(y, after[:, None], groups=child).fit(disp=False)
    still(
        differ(fit.params, np.log(12 / 7)),
        "11",
        "estimating/counts/within.py may call ConditionalPoisson, then Newton.",
    )


def treatment_effect():
    rng = np.random.default_rng(0)
    x = rng.normal(size=500)
    treated = (rng.uniform(size=500) < 1 / (1 + np.exp(-2.5 * x))).astype(int)
    design = sm.add_constant(x)
    outcome = sm.OLS(1 + x + 2 * treated + rng.normal(size=500), design)
    return TreatmentEffect(outcome, treated, sm.Logit(treated, design).fit(disp=False))


@pytest.mark.parametrize("name", ["ipw_ra", "aipw_wls"])
def test_treatment_effect_fails_without_six_terms(name):
    try:
        getattr(treatment_effect(), name)()
    except ValueError:
        return
    still(False, "12", f"{name} may serve as a cross-check (mended by #10221).")


def test_treatment_effect_clips_in_one_place_only():
    effect = treatment_effect()
    still(
        differ(effect.ipw(return_results=False)[0], effect.ipw().results_gmm.params[0]),
        "12",
        "ipw may serve as a cross-check (mended by #10223).",
    )


def test_square_table_alters_the_test_of_symmetry():
    table = np.array([[20, 5, 1], [2, 15, 4], [0, 0, 10]])
    in_r = 6.28571429  # mcnemar.test
    assert not differ(SquareTable(table, shift_zeros=False).symmetry().statistic, in_r)
    still(
        differ(SquareTable(table).symmetry().statistic, in_r),
        "13",
        "shift_zeros=False need not be said any more.",
    )


def test_square_table_counts_a_pair_that_is_empty():
    empty = np.array([[20, 5, 0], [2, 15, 4], [0, 1, 10]])
    still(
        SquareTable(empty, shift_zeros=False).symmetry().df == 3,
        "13",
        "Its degrees of freedom may be taken as they are.",
    )
