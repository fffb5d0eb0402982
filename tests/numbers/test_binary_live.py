"""Logistic, Firth and ordered models on many awkward data, against R as it stands.

R's own packages do what it has (glm, sandwich, MASS, stats); Firth and Brant are written out in
the R below by other means than ours: Firth by maximising Jeffreys' penalised likelihood with
`optim`, Brant by loops over cuts.
"""

import math

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.logistic import logistic
from evaluation.estimating.ordered import ordered_logit
from tests.numbers.said_by_r import r

GLM = r"""
library(sandwich)
args <- commandArgs(TRUE)
say <- function(file, call, name, ...) cat(file, call, name, sprintf("%.15g", c(...)), sep = "\t", "\n")
exactly <- glm.control(epsilon = 1e-14, maxit = 100)
for (file in args) {
  d <- read.csv(file)
  d <- d[complete.cases(d), ]
  tell <- function(call, m, V) for (j in names(coef(m))) say(file, call, j, coef(m)[[j]], sqrt(diag(V))[[j]])
  fit <- function(f, by) {
    d$by <- d[[by]]
    suppressWarnings(glm(f, binomial, d, weights = by, control = exactly))
  }
  d$one <- 1
  m <- fit(y ~ arm + age + flag + big, "one"); tell("plain", m, vcov(m))
  m <- fit(y ~ arm + age * flag, "one")
  tell("HC1", m, vcovCL(m, cluster = d$g, type = "HC1"))
  tell("HC0", m, vcovCL(m, cluster = d$g, type = "HC0", cadjust = FALSE))
  m <- fit(y ~ arm + age, "w")
  tell("weighted", m, vcov(m)); tell("weighted_HC1", m, vcovCL(m, cluster = d$g, type = "HC1"))
  m <- fit(y ~ arm + age, "v")
  tell("sampled", m, vcovCL(m, cluster = seq_len(nrow(d)), type = "HC0", cadjust = FALSE))
  # the average risks if all were of one arm, and the delta method by numerical slopes
  m <- fit(y ~ arm + age + flag, "one")
  at <- function(b, level) {
    new <- d; new$arm <- level
    mean(plogis(model.matrix(~ arm + age + flag, transform(new, arm = factor(arm, sort(unique(d$arm))))) %*% b))
  }
  both <- function(b) { one <- at(b, "b"); other <- at(b, "a"); c(one, other, one - other, log(one / other)) }
  slopes <- sapply(seq_along(coef(m)), function(j) {
    step <- replace(numeric(length(coef(m))), j, 1e-5)
    (both(coef(m) + step) - both(coef(m) - step)) / 2e-5
  })
  se <- sqrt(diag(slopes %*% vcov(m) %*% t(slopes)))
  for (j in 1:4) say(file, "risks", c("b", "a", "difference", "log_ratio")[j], both(coef(m))[j], se[j])
}
"""

FIRTH = r"""
args <- commandArgs(TRUE)
say <- function(file, name, ...) cat(file, name, sprintf("%.15g", c(...)), sep = "\t", "\n")
for (file in args) {
  d <- read.csv(file); y <- d$y; w <- d$w
  x <- cbind("(Intercept)" = 1, as.matrix(d[setdiff(names(d), c("y", "w"))]))
  information <- function(b) { p <- plogis(x %*% b); crossprod(x, x * as.vector(w * p * (1 - p))) }
  height <- function(b) {
    eta <- as.vector(x %*% b)
    sum(w * plogis(ifelse(y == 1, eta, -eta), log.p = TRUE)) +
      as.numeric(determinant(information(b))$modulus) / 2
  }
  climb <- function(start, fixed = integer(), value = 0) {
    free <- setdiff(seq_along(start), fixed)
    full <- function(b) { all <- start; all[fixed] <- value; all[free] <- b; all }
    lower <- function(b) -height(full(b))
    slope <- function(b) {
      all <- full(b); p <- as.vector(plogis(x %*% all)); V <- w * p * (1 - p)
      h <- V * rowSums((x %*% solve(information(all))) * x)
      -as.vector(crossprod(x, w * (y - p) + h * (0.5 - p)))[free]
    }
    at <- start[free]
    for (again in 1:4) at <- optim(at, lower, slope, method = "BFGS", control = list(reltol = 1e-16, maxit = 500))$par
    list(b = full(at), height = -lower(at))
  }
  from <- function(b) tryCatch(climb(c(0, rep(b, ncol(x) - 1))), error = function(e) list(height = -Inf))
  starts <- lapply(c(0, -2, 2, 5), from)
  top <- starts[[which.max(sapply(starts, `[[`, "height"))]]
  se <- sqrt(diag(solve(information(top$b))))
  for (j in seq_along(top$b)) {
    if (j == 1) { say(file, colnames(x)[j], top$b[j], se[j], 0, 0, 0); next }
    fall <- function(value) 2 * (top$height - climb(top$b, j, value)$height) - qchisq(0.95, 1)
    end <- function(way) {
      far <- se[j]; while (fall(top$b[j] + way * far) < 0) far <- far * 1.6
      uniroot(fall, sort(c(top$b[j], top$b[j] + way * far)), tol = 1e-10)$root
    }
    p <- pchisq(2 * (top$height - climb(top$b, j, 0)$height), 1, lower.tail = FALSE)
    say(file, colnames(x)[j], top$b[j], se[j], end(-1), end(1), p)
  }
}
"""

ORDERED = r"""
library(MASS); library(sandwich)
args <- commandArgs(TRUE)
say <- function(file, call, name, ...) cat(file, call, name, sprintf("%.15g", c(...)), sep = "\t", "\n")
for (file in args) {
  d <- read.csv(file); d <- d[complete.cases(d), ]
  d$band <- factor(d$band, levels = intersect(c("low", "some", "high", "very high"), unique(d$band)))
  # polr's Hessian is by differences of 0.001, good to 3e-5 only: smaller ones.
  exactly <- list(reltol = 1e-16, maxit = 5000, ndeps = rep(1e-5, 3 + nlevels(d$band) - 1))
  m <- polr(band ~ arm + age, d, Hess = TRUE, control = exactly)
  tell <- function(call, m, V) {
    b <- c(coef(m), m$zeta)
    for (j in seq_along(b)) say(file, call, names(b)[j], b[j], sqrt(diag(V))[j])
  }
  tell("plain", m, vcov(m)); say(file, "loglik", "", as.numeric(logLik(m)))
  tell("HC1", m, vcovCL(m, cluster = d$g, type = "HC1"))
  m <- polr(band ~ arm + age, d, weights = w, Hess = TRUE, control = exactly); tell("weighted", m, vcov(m))
  # Brant (1990), by hand
  x <- model.matrix(~ arm + age, d); K <- nlevels(d$band); k <- ncol(x) - 1; code <- as.integer(d$band)
  fits <- lapply(1:(K - 1), function(j) glm((code > j) ~ x - 1, family = binomial, control = glm.control(1e-14, 100)))
  P <- sapply(fits, fitted); V <- matrix(0, (K - 1) * k, (K - 1) * k)
  for (i in 1:(K - 1)) for (j in i:(K - 1)) {
    bread <- function(a) solve(t(x) %*% diag(P[, a] * (1 - P[, a])) %*% x)
    block <- (bread(i) %*% t(x) %*% diag(P[, j] - P[, i] * P[, j]) %*% x %*% bread(j))[-1, -1]
    V[(i - 1) * k + 1:k, (j - 1) * k + 1:k] <- block
    V[(j - 1) * k + 1:k, (i - 1) * k + 1:k] <- t(block)
  }
  b <- unlist(lapply(fits, function(f) coef(f)[-1]))
  D <- cbind(kronecker(rep(1, K - 2), diag(k)), -diag((K - 2) * k))
  chi <- t(D %*% b) %*% solve(D %*% V %*% t(D), D %*% b)
  say(file, "brant", "", chi, pchisq(chi, nrow(D), lower.tail = FALSE))
}
"""


def children(seed, n, clusters):
    rng = np.random.default_rng(seed)
    data = pd.DataFrame(
        {
            "arm": rng.choice(["a", "b", "c"], n),
            "age": rng.normal(14, 2, n).round(1),
            "flag": (rng.random(n) < 0.3).astype(int),
            "g": rng.integers(0, clusters, n),
            "w": rng.integers(1, 5, n),
            "v": rng.uniform(0.2, 3, n).round(3),
            "big": (rng.random(n) * 1e5).round(),
        }
    )
    logit = -0.5 + 0.7 * (data["arm"] == "b") + 0.2 * (data["age"] - 14) - 0.5 * data["flag"]
    data["y"] = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(int)
    data["band"] = pd.cut(
        logit + rng.logistic(size=n),
        [-99, -1, 0.2, 1.5, 99],
        labels=["low", "some", "high", "very high"],
    ).astype(str)
    return data


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    home = tmp_path_factory.mktemp("frames")
    made = {}
    for seed, (n, clusters) in enumerate([(70, 12), (300, 60), (200, 25), (600, 90)]):
        data = children(seed, n, clusters)
        if seed == 1:
            data.loc[[3, 9], "age"] = np.nan
        file = home / f"{seed}.csv"
        data.to_csv(file, index=False)
        made[str(file)] = data
    return made


def ours(term):
    return (
        term.replace("(Intercept)", "Intercept")
        .replace("armb", "arm[T.b]")
        .replace("armc", "arm[T.c]")
    )


def test_logistic_is_glm_with_its_sandwiches(frames, tmp_path):
    calls = {
        "plain": ("y ~ arm + age + flag + big", {}),
        "HC1": ("y ~ arm + age * flag", {"cluster": "g"}),
        "HC0": ("y ~ arm + age * flag", {"cluster": "g", "errors": "HC0"}),
        "weighted": ("y ~ arm + age", {"weights": "w"}),
        "weighted_HC1": ("y ~ arm + age", {"weights": "w", "cluster": "g"}),
        "sampled": ("y ~ arm + age", {"weights": "v", "errors": "HC0"}),
    }
    fits = {
        (file, call): logistic(formula, data, **how)
        for file, data in frames.items()
        for call, (formula, how) in calls.items()
    }
    risks = {
        file: logistic("y ~ arm + age + flag", data).risks("arm", "b", "a")
        for file, data in frames.items()
    }
    named = {
        "b": ("risk", "b"),
        "a": ("risk", "a"),
        "difference": ("risk_difference", None),
        "log_ratio": ("risk_ratio", None),
    }
    lines = r(GLM, *frames, tmp_path=tmp_path)
    assert len(lines) > 100
    for file, call, name, value, se in lines:
        if call == "risks":
            one = risks[file].one(*named[name])
            mine = math.log(one.value) if name == "log_ratio" else one.value
            assert mine == pytest.approx(float(value), rel=1e-8)
            assert one.se == pytest.approx(float(se), rel=1e-6)
            continue
        fit = fits[file, call]
        row = fit.coefficients.loc[ours(name)]
        assert row["coefficient"] == pytest.approx(float(value), rel=1e-7, abs=1e-9), (call, name)
        assert row["se"] == pytest.approx(float(se), rel=1e-6), (call, name)
        assert fit.model.params[ours(name)] == pytest.approx(float(value), rel=1e-6, abs=1e-9)
        assert fit.model.bse[ours(name)] == pytest.approx(float(se), rel=1e-5)


def separated_data():
    rng = np.random.default_rng(8)
    n = 30
    flag = (rng.random(n) < 0.4).astype(int)
    age = rng.normal(0, 1, n).round(2)
    yield (
        "quasi",
        {"y": ((rng.random(n) < 0.4) | (flag == 1)).astype(int), "flag": flag, "age": age},
    )
    yield "perfect", {"y": (age > 0).astype(int), "age": age}
    yield "one_event", {"y": np.eye(1, n, 4, dtype=int)[0], "flag": flag}
    yield "weights", {"y": flag, "flag": 1 - flag, "age": age, "w": rng.integers(1, 4, n)}
    many = {f"x{k}": rng.normal(0, 1, 60).round(2) for k in range(10)}
    yield "ten", {"y": (rng.random(60) < 0.3).astype(int), **many}
    yield "none", {"y": (rng.random(n) < 0.5).astype(int), "flag": flag, "age": age}


def test_firth_is_the_highest_point_of_the_penalised_likelihood(tmp_path):
    data = {}
    for name, columns in separated_data():
        frame = pd.DataFrame({"w": 1, **columns})
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
        data[str(tmp_path / f"{name}.csv")] = frame
    fits = {}
    for file, frame in data.items():
        names = [name for name in frame if name not in ("y", "w")]
        fits[file] = logistic(f"y ~ {' + '.join(names)}", frame, weights="w", penalised=True)
    lines = r(FIRTH, *data, tmp_path=tmp_path)
    assert len(lines) == sum(len(fit.coefficients) for fit in fits.values())
    for file, name, value, se, low, high, p in lines:
        row = fits[file].coefficients.loc[ours(name)]
        assert row["coefficient"] == pytest.approx(float(value), rel=1e-5, abs=1e-6), (file, name)
        assert row["se"] == pytest.approx(float(se), rel=1e-5), (file, name)
        if name != "(Intercept)":
            assert row["low"] == pytest.approx(float(low), rel=1e-5, abs=1e-5), (file, name)
            assert row["high"] == pytest.approx(float(high), rel=1e-5, abs=1e-5), (file, name)
            assert row["p"] == pytest.approx(float(p), rel=1e-4, abs=1e-9), (file, name)


def test_ordered_logit_is_polr_and_its_lines_are_brants(frames, tmp_path):
    calls = {"plain": {}, "HC1": {"cluster": "g"}, "weighted": {"weights": "w"}}
    order = ["low", "some", "high", "very high"]
    fits = {
        (file, call): ordered_logit("band ~ arm + age", data, order=order, **how)
        for file, data in frames.items()
        for call, how in calls.items()
    }
    lines = r(ORDERED, *frames, tmp_path=tmp_path)
    assert len(lines) > 40
    for file, call, name, value, *more in lines:
        if call == "loglik":
            assert fits[file, "plain"].loglik == pytest.approx(float(value), rel=1e-9)
        elif call == "brant":
            found = fits[file, "plain"].lines
            assert found.statistic == pytest.approx(float(value), rel=1e-8)
            assert found.p == pytest.approx(float(more[0]), rel=1e-8)
        else:
            row = fits[file, call].coefficients.loc[ours(name)]
            assert row["coefficient"] == pytest.approx(float(value), rel=1e-6, abs=1e-7)
            assert row["se"] == pytest.approx(float(more[0]), rel=1e-6), (call, name)
