"""Interrupted series on awkward data, held against R's glm, sandwich and lmtest where R is.

Gaps are left out here: R takes rows as neighbours, ours keeps the gap.
"""

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.charts import funnel
from evaluation.estimating.e_value import e_value_difference
from evaluation.estimating.multiplicity import benjamini_hochberg, holm
from evaluation.estimating.sample_size import children_needed_for_difference
from evaluation.estimating.series import interrupted_series

pytestmark = pytest.mark.slow

R = r"""
suppressMessages({library(sandwich); library(MASS)})
all <- read.csv("rows.csv"); out <- list()
put <- function(case, what, value)
  out[[length(out) + 1]] <<- data.frame(case, what, place = seq_along(value), value = unname(value))
tight <- glm.control(epsilon = 1e-14, maxit = 500)
for (case in unique(all$case)) {
  d <- all[all$case == case, ]; year <- d$year[1]; start <- d$start[1]
  d$level <- as.numeric(d$t >= start); d$slope <- d$level * (d$t - start)
  form <- "y ~ t + level + slope"
  for (k in seq_len(d$waves[1])) {
    d[[paste0("s", k)]] <- sin(2 * pi * k * d$t / year)
    d[[paste0("c", k)]] <- cos(2 * pi * k * d$t / year)
    form <- paste0(form, " + s", k, " + c", k)
  }
  for (family in c("poisson", "gaussian")) {
    d$y <- if (family == "poisson") d$n else d$n / d$days
    f <- if (family == "poisson")
      glm(as.formula(paste(form, "+ offset(log(days))")), poisson, d, control = tight)
    else glm(as.formula(form), gaussian, d)
    put(case, paste0(family, "_coef"), coef(f))
    for (lag in c(0, 2, 5))
      put(case, paste0(family, "_se", lag), sqrt(diag(NeweyWest(f, lag = lag, prewhite = FALSE))))
  }
}
set.seed(3); p <- c(round(runif(30), 2)^3, NA, NA)
put("p", "p", p); put("p", "holm", p.adjust(p, "holm")); put("p", "bh", p.adjust(p, "BH"))
for (base in c(.05, .4, .8)) put("power", paste0("n", base),
  power.prop.test(p1 = base, p2 = base + .15, power = .85, sig.level = .02, tol = 1e-13)$n)
n <- c(3, 10, 50, 200, 5000); t <- .13
for (p in c(.001, .025, .975, .999)) {
  r <- qbinom(p, n, t); put("funnel", paste0("b", p), pmax((r - (pbinom(r, n, t) - p) / dbinom(r, n, t)) / n, 0))
  r <- qpois(p, n * t); put("funnel", paste0("p", p), pmax((r - (ppois(r, n * t) - p) / dpois(r, n * t)) / n, 0))
}
write.csv(do.call(rbind, out), "out.csv", row.names = FALSE)
"""


def rows():
    rng = np.random.default_rng(8)
    told = []
    for case, n, start, year, waves, mean in (
        ("months", 60, 31, 12.0, 2, 40), ("quarters", 24, 9, 4.0, 1, 300),
        ("weeks", 160, 100, 365.25 / 7, 2, 6), ("rare", 36, 24, 12.0, 0, 1.5),
        ("short", 14, 8, 12.0, 0, 25),
    ):  # fmt: skip
        days = rng.integers(2_000, 4_000, n)
        shared = np.exp(rng.normal(0, 0.2, n))
        told.append(
            pd.DataFrame(
                {"case": case, "t": range(n), "n": rng.poisson(mean * days / 3_000 * shared),
                 "days": days, "start": start, "year": year, "waves": waves}
            )
        )  # fmt: skip
    return pd.concat(told, ignore_index=True)


@pytest.fixture(scope="module")
def r(tmp_path_factory):
    if shutil.which("Rscript") is None:
        pytest.skip("no R here")
    folder = tmp_path_factory.mktemp("r")
    rows().to_csv(folder / "rows.csv", index=False)
    (folder / "run.R").write_text(R, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "run.R"], cwd=folder, capture_output=True, text=True, check=False
    )  # fmt: skip
    if "there is no package" in done.stderr:
        pytest.skip("R has no sandwich here")
    assert done.returncode == 0, done.stderr
    found = pd.read_csv(folder / "out.csv")
    return {
        key: part["value"].tolist() for key, part in found.groupby(["case", "what"], sort=False)
    }


@pytest.mark.parametrize("case", ["months", "quarters", "weeks", "rare", "short"])
@pytest.mark.parametrize("family", ["poisson", "gaussian"])
def test_coefficients_and_errors(case, family, r):
    own = rows().query("case == @case")
    own = own.assign(rate=own["n"] / own["days"])
    first = own.iloc[0]
    for lag in (0, 2, 5):
        found = interrupted_series(
            own, interruption=int(first["start"]), time="t", lag=lag, family=family,
            outcome="n" if family == "poisson" else "rate",
            exposure="days" if family == "poisson" else None,
            every={12.0: "month", 4.0: "quarter"}.get(first["year"], "week"),
            harmonics=int(first["waves"]),
        )  # fmt: skip
        coefficients = found.model.params.tolist()
        assert coefficients == pytest.approx(r[case, f"{family}_coef"], rel=1e-6, abs=1e-9)
        assert found.model.bse.tolist() == pytest.approx(r[case, f"{family}_se{lag}"], rel=1e-6)


def test_adjusted_p(r):
    for what, adjust in (("holm", holm), ("bh", benjamini_hochberg)):
        ours = [np.nan if one.p is None else one.p for one in adjust(r["p", "p"])]
        assert ours == pytest.approx(r["p", what], rel=1e-10, nan_ok=True)


@pytest.mark.parametrize("base", [0.05, 0.4, 0.8])
def test_children_needed(base, r):
    needed = children_needed_for_difference(base + 0.15, base=base, power=0.85, alpha=0.02)
    assert needed.one(group="treated").value == pytest.approx(r["power", f"n{base}"][0], rel=1e-8)


def test_funnel_limits(r):
    size = np.array([3, 10, 50, 200, 5000])
    for kind, letter in (("proportion", "b"), ("rate", "p")):
        curve = funnel([1], [10], kind=kind, target=0.13).curve(size)
        for name, p in (("low_998", 0.001), ("low_95", 0.025), ("high_95", 0.975),
                        ("high_998", 0.999)):  # fmt: skip
            assert curve[name].tolist() == pytest.approx(r["funnel", f"{letter}{p}"], rel=1e-8)


def test_the_e_value_of_a_difference_stays_between_1_and_that_of_the_point():
    for counts in ((10, 20, 5, 20), (300, 400, 100, 400), (9, 10, 1, 90)):
        point, limit = (one.value for one in e_value_difference(*counts))
        assert 1 <= limit < point
