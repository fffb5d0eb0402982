"""Two arms made alike, in random data, held against R's glm, weighted means and sandwich.

R is called once; it writes its figures as rows of (case, estimand, what, quantity, value), and
every one of them is held against ours. Errors that know of the fitting are a sandwich written out
in R: all estimating equations stacked, their slopes by differences.
"""

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.aipw import aipw, regression_adjustment
from evaluation.estimating.ipw import ipw
from evaluation.estimating.weighting import propensity

pytestmark = pytest.mark.slow

CASES = {"plain": 400, "small": 60, "far_apart": 300, "unequal": 500}
COVARIATES = ["prior", "age", "sex"]
R = r"""
suppressMessages(library(sandwich))
all <- read.csv("rows.csv"); out <- list()
put <- function(case, estimand, what, quantity, value)
  out[[length(out) + 1]] <<- data.frame(case, estimand, what, quantity, value = unname(value))
tight <- glm.control(epsilon = 1e-14, maxit = 200)
jacobian <- function(f, at) {
  cols <- lapply(seq_along(at), function(j) {
    h <- 1e-5 * max(abs(at[j]), 1e-2); up <- down <- at; up[j] <- up[j] + h; down[j] <- down[j] - h
    (f(up) - f(down)) / (2 * h)
  })
  do.call(cbind, cols)
}
stacked <- function(psi, at) {
  A <- jacobian(function(p) colSums(psi(p)), at); bread <- solve(A); bread %*% crossprod(psi(at)) %*% t(bread)
}
weigh <- function(e, t, estimand) switch(estimand,
  att = ifelse(t == 1, 1, e / (1 - e)), ate = ifelse(t == 1, 1 / e, 1 / (1 - e)), ato = ifelse(t == 1, 1 - e, e))
tilt <- function(e, t, estimand) switch(estimand, att = t, ate = rep(1, length(t)), ato = e * (1 - e))
for (case in unique(all$case)) {
  d <- all[all$case == case, ]; t <- d$t; n <- nrow(d)
  ps <- glm(t ~ prior + age + sex, binomial, d, control = tight); X <- model.matrix(ps); k <- ncol(X)
  e <- fitted(ps)
  for (estimand in c("att", "ate", "ato")) {
    w <- weigh(e, t, estimand); g <- tilt(e, t, estimand)
    put(case, estimand, "ess", c("treated", "comparison"), c(sum(w[t==1])^2/sum(w[t==1]^2), sum(w[t==0])^2/sum(w[t==0]^2)))
    for (x in c("prior", "age", "sex")) {
      v <- d[[x]]; flag <- all(v %in% 0:1)
      spread <- function(z) if (flag) mean(z) * (1 - mean(z)) else var(z)
      s <- if (estimand == "att") sqrt(spread(v[t==1])) else sqrt((spread(v[t==1]) + spread(v[t==0])) / 2)
      put(case, estimand, x, "smd_before", (mean(v[t==1]) - mean(v[t==0])) / s)
      put(case, estimand, x, "smd_after", (weighted.mean(v[t==1], w[t==1]) - weighted.mean(v[t==0], w[t==0])) / s)
      if (!flag) put(case, estimand, x, "variance_ratio_after",
        cov.wt(cbind(v[t==1]), w[t==1])$cov[1] / cov.wt(cbind(v[t==0]), w[t==0])$cov[1])
    }
    top <- quantile(if (estimand == "att") w[t==0] else w, .9); cut <- if (estimand == "att") ifelse(t==1, 1, pmin(w, top)) else pmin(w, top)
    f <- lm(y ~ t, d, weights = cut)
    put(case, estimand, "truncated", c("mean_difference", "se"), c(coef(f)[2], sqrt(sandwich(f)[2,2])))
    f <- lm(y ~ t, d, weights = w)
    put(case, estimand, "ipw_known_mean", c("mean_difference", "se"), c(coef(f)[2], sqrt(sandwich(f)[2,2])))
    f <- lm(any ~ t, d, weights = w)
    put(case, estimand, "ipw_known_risk", c("risk_difference", "se"), c(coef(f)[2], sqrt(sandwich(f)[2,2])))
    f <- suppressWarnings(glm(any ~ t, poisson, d, weights = w, control = tight))
    put(case, estimand, "ipw_known_risk_ratio", c("risk_ratio", "se"), c(exp(coef(f)[2]), sqrt(sandwich(f)[2,2])))
    f <- glm(events ~ t + offset(log(days)), poisson, d, weights = w, control = tight)
    put(case, estimand, "ipw_known_rate_ratio", c("rate_ratio", "se"), c(exp(coef(f)[2]), sqrt(sandwich(f)[2,2])))
    for (kind in c("mean", "risk", "rate")) {
      y <- d[[c(mean = "y", risk = "any", rate = "events")[[kind]]]]; days <- if (kind == "rate") d$days else rep(1, n)
      d$out <- y; d$off <- log(days)
      inv <- switch(kind, mean = identity, risk = plogis, rate = exp)
      fam <- switch(kind, mean = gaussian(), risk = binomial(), rate = poisson())
      m1 <- suppressWarnings(glm(out ~ prior + age + sex + offset(off), fam, d, subset = t == 1, control = tight))
      m0 <- suppressWarnings(glm(out ~ prior + age + sex + offset(off), fam, d, subset = t == 0, control = tight))
      at <- c(coef(ps), coef(m1), coef(m0))
      pieces <- function(p) {
        e <- plogis(c(X %*% p[1:k])); list(e = e, w = weigh(e, t, estimand), g = tilt(e, t, estimand),
          m1 = inv(c(X %*% p[k + 1:k])) * days, m0 = inv(c(X %*% p[2 * k + 1:k])) * days)
      }
      nuisance <- function(p) { z <- pieces(p); cbind(X * (t - z$e), X * (t * (y - z$m1)), X * ((1 - t) * (y - z$m0))) }
      hajek <- function(p) { z <- pieces(p); q <- p[3 * k + 1:2]
        cbind(nuisance(p), t * z$w * (y - q[1] * days), (1 - t) * z$w * (y - q[2] * days)) }
      ra <- function(p) { z <- pieces(p); q <- p[3 * k + 1:2]
        cbind(nuisance(p), z$g * (z$m1 - q[1] * days), z$g * (z$m0 - q[2] * days)) }
      dr <- function(p) { z <- pieces(p); q <- p[3 * k + 1:2]
        cbind(nuisance(p), z$g * (z$m1 - q[1] * days) + t * z$w * (y - z$m1), z$g * (z$m0 - q[2] * days) + (1 - t) * z$w * (y - z$m0)) }
      drn <- function(p) { z <- pieces(p); q <- p[3 * k + 1:4]
        cbind(nuisance(p), z$g * (z$m1 - q[1] * days), z$g * (z$m0 - q[2] * days), t * z$w * (y - z$m1 - q[3] * days), (1 - t) * z$w * (y - z$m0 - q[4] * days)) }
      z <- pieces(at)
      found <- list(ipw = c(sum((t*w*y))/sum(t*w*days), sum((1-t)*w*y)/sum((1-t)*w*days)),
        ra = c(sum(g * z$m1), sum(g * z$m0)) / sum(g * days),
        aipw = c(sum(g * z$m1 + t*w*(y-z$m1)), sum(g * z$m0 + (1-t)*w*(y-z$m0))) / sum(g * days))
      found$aipwn <- found$ra + c(sum(t*w*(y-z$m1))/sum(t*w*days), sum((1-t)*w*(y-z$m0))/sum((1-t)*w*days))
      forms <- list(ipw = hajek, ra = ra, aipw = dr, aipwn = drn)
      for (how in names(forms)) {
        q <- found[[how]]
        ends <- if (how == "aipwn") c(found$ra, q - found$ra) else q
        V <- stacked(forms[[how]], c(at, ends))[3 * k + seq_along(ends), 3 * k + seq_along(ends)]
        if (how == "aipwn") { L <- rbind(c(1, 0, 1, 0), c(0, 1, 0, 1)); V <- L %*% V %*% t(L) }
        c1 <- c(1, -1); c2 <- c(1 / q[1], -1 / q[2])
        put(case, estimand, paste(how, "estimated", kind, sep = "_"), c("treated", "comparison", "difference", "se", "ratio", "se_ratio"),
          c(q, q[1] - q[2], sqrt(c(c1 %*% V %*% c1)), q[1] / q[2], sqrt(c(c2 %*% V %*% c2))))
      }
      q <- found$aipw
      phi <- cbind(g * z$m1 + t*w*(y-z$m1) - q[1] * g * days, g * z$m0 + (1-t)*w*(y-z$m0) - q[2] * g * days) / mean(g * days)
      V <- crossprod(phi) / n^2
      put(case, estimand, paste("aipw_known", kind, sep = "_"), c("difference", "se"), c(q[1] - q[2], sqrt(V[1,1] + V[2,2] - 2 * V[1,2])))
    }
  }
}
write.csv(do.call(rbind, out), "figures.csv", row.names = FALSE)
"""


def rows():
    """The cases: a number, a flag and events in days, by arm and three covariates."""
    made = []
    for seed, (case, n) in enumerate(CASES.items()):
        rng = np.random.default_rng(seed)
        prior, age, sex = rng.poisson(3, n), rng.integers(10, 18, n), rng.integers(0, 2, n)
        slope = 0.8 if case == "far_apart" else 0.3
        shift = -1.5 if case == "unequal" else 0.0
        logit = slope * (prior - 3) + 0.1 * (age - 14) - 0.3 * sex + shift
        t = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(int)
        days = rng.integers(30, 183, n)
        rate = 0.02 * np.exp(0.2 * (prior - 3) - 0.3 * t) * rng.gamma(2, 0.5, n)
        events = rng.poisson(rate * days)
        risk = 1 / (1 + np.exp(-(0.3 * (prior - 3) - 0.5 * t)))
        made.append(
            pd.DataFrame(
                {
                    "case": case,
                    "child_key": [f"{case}{number}" for number in range(n)],
                    "t": t,
                    "prior": prior,
                    "age": age,
                    "sex": sex,
                    "days": days,
                    "events": events,
                    "any": (rng.random(n) < risk).astype(int),
                    "y": 1000 + 100 * prior - 50 * t + rng.normal(0, 200, n),
                }
            )
        )
    return pd.concat(made, ignore_index=True)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """R's figures, and the rows that they come from."""
    if shutil.which("Rscript") is None:
        pytest.skip("no R here")
    folder = tmp_path_factory.mktemp("comparison")
    given = rows()
    given.to_csv(folder / "rows.csv", index=False)
    (folder / "figures.R").write_text(R)
    ran = subprocess.run(
        ["Rscript", "--vanilla", "figures.R"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if "there is no package" in ran.stderr:
        pytest.skip("R lacks a package")
    assert ran.returncode == 0, ran.stderr
    return given, pd.read_csv(folder / "figures.csv")


OUTCOMES = {"mean": "y", "risk": "any", "rate": "events"}


def ours(children, estimand):
    """Our figures by (what, quantity)."""
    children = children.assign(arm=children["t"])
    options = {"treated": 1, "estimand": estimand, "events_per_parameter": 0}
    alike = propensity(children, COVARIATES, **options)
    found = {
        ("ess", "treated"): alike.effective_treated,
        ("ess", "comparison"): alike.effective_sample_size,
    }
    for row in alike:
        if row.group in COVARIATES:
            found[row.group, row.measure] = row.value
    cut = propensity(children, COVARIATES, truncate=0.9, **options)
    known = {
        "truncated": ipw(cut, children, "y", weights="known").one("mean_difference"),
        "ipw_known_mean": ipw(alike, children, "y", weights="known").one("mean_difference"),
        "ipw_known_risk": ipw(alike, children, "any", kind="risk", weights="known").one(
            "risk_difference"
        ),
        "ipw_known_risk_ratio": ipw(alike, children, "any", kind="risk", weights="known").one(
            "risk_ratio"
        ),
        "ipw_known_rate_ratio": ipw(
            alike, children, "events", kind="rate", days="days", weights="known"
        ).one("rate_ratio"),
    }
    for what, row in known.items():
        found |= {(what, row.measure): row.value, (what, "se"): row.se}
    for kind, outcome in OUTCOMES.items():
        given = {"kind": kind, "days": "days"}
        scale = 100 if kind == "rate" else 1
        results = {
            "ipw": ipw(alike, children, outcome, **given),
            "ra": regression_adjustment(alike, children, outcome, **given),
            "aipw": aipw(alike, children, outcome, models="estimated", **given),
            "aipwn": aipw(alike, children, outcome, models="estimated", normalised=True, **given),
        }
        for how, result in results.items():
            name = f"{how}_estimated_{kind}"
            difference = result.one(f"{kind}_difference")
            found |= {
                (name, "treated"): result.one(kind, "treated").value / scale,
                (name, "comparison"): result.one(kind, "comparison").value / scale,
                (name, "difference"): difference.value / scale,
                (name, "se"): difference.se / scale,
            }
            if kind != "mean":
                ratio = result.one(f"{kind}_ratio")
                found |= {(name, "ratio"): ratio.value, (name, "se_ratio"): ratio.se}
        row = aipw(alike, children, outcome, **given).one(f"{kind}_difference")
        found[f"aipw_known_{kind}", "difference"] = row.value / scale
        found[f"aipw_known_{kind}", "se"] = row.se / scale
    return found


@pytest.mark.parametrize("estimand", ["att", "ate", "ato"])
@pytest.mark.parametrize("case", CASES)
def test_ours_are_rs(both, case, estimand):
    given, figures = both
    mine = ours(given[given["case"] == case], estimand)
    theirs = figures[(figures["case"] == case) & (figures["estimand"] == estimand)]
    assert len(theirs) > 80
    wrong = []
    for row in theirs.itertuples():
        if row.what.endswith("_mean") and "ratio" in row.quantity:
            continue  # a ratio of means is not offered: a mean may be negative
        is_error = row.quantity.startswith("se")
        near = pytest.approx(row.value, rel=1e-5 if is_error else 1e-6, abs=1e-7)
        if mine[row.what, row.quantity] != near:
            wrong.append((row.what, row.quantity, row.value, mine[row.what, row.quantity]))
    assert not wrong
