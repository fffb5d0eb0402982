"""Models of counts on awkward data, held against R's glm, MASS, sandwich and geepack where R is.

R is called once; it writes its figures as rows of (case, what, term, quantity, value), and every
one of them is held against ours. Conventions: rows of a cluster stand together (geepack takes
them so); theta of glm.nb is taken to its end, which glm.nb itself does not do.
"""

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.counts import (
    gee,
    negative_binomial,
    poisson,
    rate_ratio_exact,
    within_child,
)

pytestmark = pytest.mark.slow

FORMULA = "y ~ t + x + C(g)"
NAMES = {"(Intercept)": "Intercept", "g2": "C(g)[T.2]", "g3": "C(g)[T.3]"}
R = r"""
suppressMessages({library(MASS); library(sandwich); library(geepack)})
all <- read.csv("rows.csv"); out <- list()
put <- function(case, what, term, quantity, value)
  out[[length(out) + 1]] <<- data.frame(case, what, term, quantity, value = unname(value))
se <- function(v) sqrt(diag(v))
tight <- glm.control(epsilon = 1e-14, maxit = 200)
nb <- function(d) {   # glm.nb stops at a theta of four digits: its two steps, taken to the end
  form <- y ~ t + x + g + offset(log(days))
  th <- suppressWarnings(glm.nb(form, d, control = glm.control(maxit = 500)))$theta
  if (th > 1e3) stop("no spread")
  for (i in 1:500) {
    f <- glm(form, negative.binomial(th), d, control = tight)
    new <- theta.ml(d$y, fitted(f), limit = 500, eps = 1e-13)
    if (abs(new - th) < 1e-12 * th) break
    th <- as.numeric(new)
  }
  list(f = f, theta = as.numeric(new), theta_se = attr(new, "SE"), v = summary(f, dispersion = 1)$cov.scaled,
       loglik = sum(dnbinom(d$y, size = th, mu = fitted(f), log = TRUE)))
}
for (case in unique(all$case)) {
  d <- all[all$case == case, ]; d$g <- factor(d$g)
  terms <- c("(Intercept)", "t", "x", "g2", "g3")
  for (weighted in c(FALSE, TRUE)) {
    d$use <- if (weighted) d$w else 1
    what <- if (weighted) "poisson_weighted" else "poisson"
    f <- glm(y ~ t + x + g + offset(log(days)), poisson, d, weights = use, control = tight)
    put(case, what, terms, "coef", coef(f)[terms])
    put(case, what, terms, "model", se(vcov(f))[terms])
    put(case, what, terms, "HC0", se(vcovCL(f, cluster = d$cluster, type = "HC0", cadjust = FALSE))[terms])
    put(case, what, terms, "HC1", se(vcovCL(f, cluster = d$cluster, type = "HC1"))[terms])
    put(case, what, "all", "pearson", sum(residuals(f, "pearson")^2) / f$df.residual)
    if (!weighted) put(case, what, "all", "loglik", as.numeric(logLik(f)))
    if (case != "arm_without_events") for (link in c("poisson", "binomial")) {
      # geepack keeps the id of rows in order
      d$out <- if (link == "poisson") d$y else as.integer(d$y > 0)
      form <- if (link == "poisson") out ~ t + x + g + offset(log(days)) else out ~ t + x + g
      for (alike in c("independence", "exchangeable")) {
        if (weighted && alike == "exchangeable") next   # geepack's pairs are not weighted alike
        h <- try(geeglm(form, family = link, data = d, id = cluster, corstr = alike, weights = use,
                        control = geese.control(epsilon = 1e-12, maxit = 200)), silent = TRUE)
        if (inherits(h, "try-error") || h$geese$error != 0) next
        s <- summary(h); name <- paste("gee", link, alike, weighted)
        put(case, name, terms, "coef", coef(h)[terms])
        put(case, name, terms, "se", s$coefficients[terms, "Std.err"])
        put(case, name, "all", "scale", h$geese$gamma)
        if (alike == "exchangeable") put(case, name, "all", "alpha", h$geese$alpha)
      }
    }
  }
  n <- try(nb(d), silent = TRUE)
  if (!inherits(n, "try-error")) {
    put(case, "nb", terms, "coef", coef(n$f)[terms]); put(case, "nb", terms, "theta_known", se(n$v)[terms])
    put(case, "nb", terms, "HC0", se(vcovCL(n$f, cluster = d$cluster, type = "HC0", cadjust = FALSE))[terms])
    put(case, "nb", "all", "theta", n$theta); put(case, "nb", "all", "theta_se", n$theta_se)
    put(case, "nb", "all", "loglik", n$loglik)
    r <- nb(d[rep(seq_len(nrow(d)), d$w), ])
    put(case, "nb_cells", terms, "coef", coef(r$f)[terms]); put(case, "nb_cells", "all", "theta", r$theta)
  }
  f <- glm(y ~ t + x + factor(cluster) + offset(log(days)), poisson, d, control = tight)
  put(case, "within", c("t", "x"), "coef", coef(f)[c("t", "x")])
  put(case, "within", c("t", "x"), "model", se(vcov(f))[c("t", "x")])
  put(case, "within", c("t", "x"), "HC0",
      se(vcovCL(f, cluster = d$cluster, type = "HC0", cadjust = FALSE))[c("t", "x")])
}
totals <- read.csv("totals.csv")
for (i in seq_len(nrow(totals))) {
  z <- totals[i, ]
  p <- poisson.test(c(z$e1, z$e2), c(z$d1, z$d2), r = z$null, conf.level = z$level)
  put(i - 1, "exact", "all", c("value", "low", "high", "p"), c(p$estimate, p$conf.int, p$p.value))
}
write.csv(do.call(rbind, out), "figures.csv", row.names = FALSE)
"""
TOTALS = pd.DataFrame(
    [
        (11, 800, 21, 3011, 1, 0.95),
        (0, 100, 7, 90, 1, 0.95),
        (5, 100, 0, 90, 1, 0.95),
        (1, 1e6, 1, 1, 1, 0.95),
        (400, 1200.5, 380, 1000, 1.2, 0.99),
        (3, 10, 3, 10, 1, 0.9),
        (20000, 1e5, 21000, 1e5, 1, 0.95),
        (2, 7, 10, 35, 0.5, 0.8),
    ],
    columns=["e1", "d1", "e2", "d2", "null", "level"],
)


def rows(seed, *, clusters=40, size=4, days=(30, 90), alpha=1.0, rate=0.02, own=0.3):
    rng = np.random.default_rng(seed)
    of = np.repeat(np.arange(clusters), rng.integers(2, 2 * size - 1, clusters))
    n = len(of)
    made = pd.DataFrame({
        "cluster": of,
        "t": rng.integers(0, 2, n),
        "x": rng.normal(0, 1, n).round(3),
        "g": rng.permutation(np.resize([1, 2, 3], n)),
        "days": rng.integers(*days, n).astype(float),
        "w": rng.integers(1, 4, n),
    })  # fmt: skip
    mean = rate * made["days"] * np.exp(0.3 * made["x"] - 0.4 * made["t"])
    mean = mean * np.exp(rng.normal(0, own, clusters))[of]
    made["y"] = rng.poisson(mean * (rng.gamma(1 / alpha, alpha, n) if alpha else 1.0))
    return made


def awkward():
    made = {
        "plain": rows(1),
        "no_spread": rows(2, alpha=0, own=0),
        "huge_spread": rows(3, alpha=8.0, rate=0.1, clusters=80),
        "offsets_apart": rows(4).assign(days=lambda d: np.where(d["t"] == 1, 0.01, 1) * d["days"]),
        "great_counts": rows(5, rate=30.0, alpha=0.5),
        "rare": rows(6, rate=0.004, clusters=60),
        "few_clusters": rows(7, clusters=6, size=8),
        "far_covariate": rows(8).assign(x=lambda d: 200 + d["x"] / 10),
    }
    made["under_spread"] = rows(9).assign(y=lambda d: (d["days"] > 45).astype(int) + (d["t"] == 0))
    lonely = rows(10)
    made["arm_without_events"] = lonely.assign(y=lonely["y"].where(lonely["g"] != 3, 0))
    return made


@pytest.fixture(scope="module")
def frames():
    return awkward()


@pytest.fixture(scope="module")
def figures(frames, tmp_path_factory):
    if shutil.which("Rscript") is None:
        pytest.skip("no Rscript: these numbers are held against R itself")
    folder = tmp_path_factory.mktemp("r")
    pd.concat([frame.assign(case=name) for name, frame in frames.items()]).to_csv(
        folder / "rows.csv", index=False
    )
    TOTALS.to_csv(folder / "totals.csv", index=False)
    done = subprocess.run(
        ["Rscript", "-e", R], cwd=folder, capture_output=True, text=True, check=False
    )
    if "there is no package called" in done.stderr:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr
    return pd.read_csv(folder / "figures.csv")


def hold(rs, ours, *, rel, absolute=1e-9):
    """Every term of R's against ours; a term that R has far away is missing in ours."""
    assert len(rs)
    for row in rs.itertuples():
        mine = ours[NAMES.get(row.term, row.term)]
        if np.isnan(mine):
            continue
        near = pytest.approx(row.value, rel=rel, abs=absolute)
        assert mine == near, (row.case, row.what, row.term, row.quantity)


def of(figures, case, what, quantity):
    return figures[
        (figures["case"] == case) & (figures["what"] == what) & (figures["quantity"] == quantity)
    ]


@pytest.mark.parametrize("case", awkward())
@pytest.mark.parametrize("weighted", [False, True])
def test_poisson(case, weighted, frames, figures):
    what = "poisson_weighted" if weighted else "poisson"
    for errors in ("model", "HC0", "HC1"):
        model = poisson(
            FORMULA,
            frames[case],
            days="days",
            weights="w" if weighted else None,
            cluster="cluster",
            errors=errors,
        ).model
        hold(of(figures, case, what, "coef"), model.params, rel=1e-6)
        hold(of(figures, case, what, errors), model.bse, rel=1e-5)
    (pearson,) = of(figures, case, what, "pearson")["value"]
    if case != "arm_without_events":
        assert model.dispersion == pytest.approx(pearson, rel=1e-6)
    if not weighted:
        assert model.loglik == pytest.approx(of(figures, case, what, "loglik")["value"].item())


def test_only_the_group_without_events_is_missing(frames):
    found = poisson(FORMULA, frames["arm_without_events"], days="days", cluster="cluster")
    assert [one.group for one in found if one.why_not] == ["C(g)[T.3]"]
    assert found.one(group="C(g)[T.3]").why_not == "separation"


@pytest.mark.parametrize("case", awkward())
def test_negative_binomial(case, frames, figures):
    def model(errors, weights=None):
        return negative_binomial(
            FORMULA, frames[case], days="days", cluster="cluster", errors=errors, weights=weights
        ).model

    rs = figures[(figures["case"] == case) & (figures["what"] == "nb")]
    if rs.empty:  # R finds no end of theta: the counts have no spread
        assert model("model").alpha < 1e-3
        return
    hold(of(figures, case, "nb", "coef"), model("model").params, rel=1e-6, absolute=1e-8)
    for errors in ("theta_known", "HC0"):
        hold(of(figures, case, "nb", errors), model(errors).bse, rel=1e-5)
    ours = model("model")
    assert 1 / ours.alpha == pytest.approx(of(figures, case, "nb", "theta")["value"].item(), 1e-6)
    assert ours.theta_se == pytest.approx(of(figures, case, "nb", "theta_se")["value"].item(), 1e-5)
    assert ours.loglik == pytest.approx(of(figures, case, "nb", "loglik")["value"].item(), 1e-9)
    cells = model("model", weights="w")
    hold(of(figures, case, "nb_cells", "coef"), cells.params, rel=1e-6, absolute=1e-8)
    assert 1 / cells.alpha == pytest.approx(
        of(figures, case, "nb_cells", "theta")["value"].item(), 1e-6
    )


@pytest.mark.parametrize("case", awkward())
def test_gee(case, frames, figures):
    whats = {what for what in figures["what"][figures["case"] == case] if what.startswith("gee")}
    for what in whats:
        _gee, family, correlation, weighted = what.split()
        data = frames[case].assign(out=frames[case]["y"])
        if family == "binomial":
            data["out"] = (data["y"] > 0).astype(int)
        found = gee(
            FORMULA.replace("y", "out", 1),
            data,
            cluster="cluster",
            family=family,
            correlation=correlation,
            days="days" if family == "poisson" else None,
            weights="w" if weighted == "TRUE" else None,
            errors="robust",
        ).model
        hold(of(figures, case, what, "coef"), found.params, rel=1e-6, absolute=1e-8)
        hold(of(figures, case, what, "se"), found.bse, rel=1e-5)
        hold(of(figures, case, what, "scale"), {"all": found.scale}, rel=1e-6)
        if correlation == "exchangeable":
            hold(of(figures, case, what, "alpha"), {"all": found.correlation}, rel=1e-5)


@pytest.mark.parametrize("case", awkward())
def test_within_child(case, frames, figures):
    for errors in ("model", "HC0"):
        model = within_child(
            "y ~ t + x", frames[case], child="cluster", days="days", errors=errors
        ).model
        hold(of(figures, case, "within", "coef"), model.params, rel=1e-6, absolute=1e-8)
        hold(of(figures, case, "within", errors), model.bse, rel=1e-5)


@pytest.mark.parametrize("place", range(len(TOTALS)))
def test_exact_ratio(place, figures):
    row = TOTALS.iloc[place]
    ours = rate_ratio_exact(
        row["e1"], row["d1"], row["e2"], row["d2"], null=row["null"], confidence=row["level"]
    ).one()
    rs = figures[(figures["what"] == "exact") & (figures["case"] == str(place))]
    rs = rs.set_index("quantity")["value"]
    for quantity in ("value", "low", "high", "p"):
        mine = getattr(ours, quantity)
        if np.isinf(rs[quantity]):
            assert mine is None
        else:
            assert mine == pytest.approx(rs[quantity], rel=1e-6, abs=1e-12), quantity
