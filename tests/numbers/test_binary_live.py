"""Shares, tables, logistic, Firth and ordered models on many awkward data, against R as it stands.

R's own packages do what it has (glm, sandwich, MASS, stats); Firth and Brant are written out in
the R below by other means than ours: Firth by maximising Jeffreys' penalised likelihood with
`optim`, Brant by loops over cuts.
"""

import itertools
import math
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.logistic import logistic
from evaluation.estimating.ordered import ordered_logit
from evaluation.estimating.paired import bowker, mcnemar, stuart_maxwell
from evaluation.estimating.proportions import clopper_pearson, newcombe, wilson
from evaluation.estimating.two_by_two import fisher, mantel_haenszel

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

TABLES = r"""
say <- function(...) cat(..., sep = "\t", "\n")
num <- function(...) sprintf("%.15g", c(...))
# R's own limits of fisher.test stop at uniroot's first tolerance; here they are solved to the end.
ends <- function(a, n, c, m) {
  lo <- max(0, a + c - m); hi <- min(n, a + c); u <- lo:hi
  tail <- function(log_or, most) {
    logs <- dhyper(u, n, m, a + c, log = TRUE) + u * log_or; d <- exp(logs - max(logs)); d <- d / sum(d)
    sum(d[if (most) u >= a else u <= a]) - 0.025
  }
  c(if (a == lo) 0 else exp(uniroot(tail, c(-60, 60), most = TRUE, tol = 1e-12)$root),
    if (a == hi) Inf else exp(uniroot(tail, c(-60, 60), most = FALSE, tol = 1e-12)$root))
}
for (n in c(1, 2, 7, 30)) for (m in c(1, 4, 11)) for (a in unique(c(0, 1, n %/% 2, n))) for (c in unique(c(0, 1, m))) {
  if (a <= n && c <= m) {
    t <- matrix(base::c(a, n - a, c, m - c), 2, byrow = TRUE)
    if (a + c > 0 && a + c < n + m) say("fisher", a, n, c, m, num(ends(a, n, c, m), fisher.test(t)$p.value))
    say("share", a, n, num(suppressWarnings(prop.test(a, n, correct = FALSE))$conf.int, binom.test(a, n)$conf.int))
  }
}
set.seed(11)
for (k in 1:40) {
  size <- sample(2:5, 1); t <- matrix(rpois(size^2, sample(c(1, 4, 30), 1)), size)
  diag(t) <- rpois(size, 20); if (k %% 5 == 0) { t[1, ] <- 0; t[, 1] <- 0 }
  away <- rowSums(t) - colSums(t); S <- -(t + t(t)); diag(S) <- 0; diag(S) <- -rowSums(S)
  kept <- rowSums(abs(S)) > 0; kept[which(kept)[1]] <- FALSE
  sm <- tryCatch(as.numeric(away[kept] %*% solve(S[kept, kept, drop = FALSE], away[kept])), error = function(e) NA)
  u <- upper.tri(t); say("square", size, paste(t(t), collapse = ","), num(mcnemar.test(t, correct = FALSE)$statistic,
    mcnemar.test(t, correct = FALSE)$p.value, sm, sum(kept)))
  if (size == 2) say("two", 2, paste(t(t), collapse = ","), num(mcnemar.test(t)$statistic,
    if (sum(t[u], t[lower.tri(t)])) binom.test(t[1, 2], t[1, 2] + t[2, 1])$p.value else NaN))
}
for (k in 1:15) {
  strata <- sample(2:6, 1); t <- array(rpois(4 * strata, sample(c(2, 9), 1)), c(2, 2, strata)); t[1, 1, ] <- t[1, 1, ] + 1
  t[2, 2, ] <- t[2, 2, ] + 1
  h <- mantelhaen.test(t, correct = FALSE)
  say("strata", strata, paste(t, collapse = ","), num(h$estimate, h$conf.int, h$statistic, h$p.value))
}
"""


def r(script, *files, tmp_path):
    """The lines that R says, cut at tabs."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("no Rscript: binary and ordered outcomes are not held against R itself here")
    wanted = [name for name in ("MASS", "sandwich") if f"library({name})" in script]
    has = (
        subprocess.run(
            [
                rscript,
                "-e",
                *[f"stopifnot({' && '.join(f'requireNamespace({n!r})' for n in wanted)})"],
            ],
            capture_output=True,
            check=False,
        )
        if wanted
        else None
    )
    if has is not None and has.returncode:
        pytest.skip(f"R is without {' or '.join(wanted)}: not held against R here")
    file = tmp_path / "said.R"
    file.write_text(script)
    said = subprocess.run(
        [rscript, "--vanilla", str(file), *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.rstrip("\t").split("\t") for line in said.stdout.splitlines()]


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


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return r(TABLES, tmp_path=tmp_path_factory.mktemp("tables"))


def test_exact_limits_of_small_tables(tables):
    held = 0
    for kind, *rest in tables:
        if kind != "fisher":
            continue
        one = fisher(*map(int, rest[:4])).one()
        low, high, p = map(float, rest[4:])
        assert one.low == pytest.approx(low, rel=1e-7), rest
        assert one.high == pytest.approx(high, rel=1e-7), rest
        assert one.p == pytest.approx(p, rel=1e-9), rest
        held += 1
    assert held > 60


def test_shares_from_none_to_all(tables):
    for _kind, events, of, *limits in (line for line in tables if line[0] == "share"):
        score, exact = (
            wilson(int(events), int(of)).one(),
            clopper_pearson(int(events), int(of)).one(),
        )
        mine = (score.low, score.high, exact.low, exact.high)
        assert mine == pytest.approx(list(map(float, limits)), rel=1e-9, abs=1e-12)


def test_square_tables(tables):
    held = left = 0
    for kind, size, cells, *said in tables:
        if kind not in ("square", "two"):
            continue
        table = np.array(cells.split(","), dtype=int).reshape(int(size), int(size))
        if kind == "two":
            if said[0] != "NaN":
                corrected, exact = mcnemar(table, method="corrected"), mcnemar(table)
                assert corrected.one().value == pytest.approx(float(said[0]), rel=1e-10)
                assert exact.one().p == pytest.approx(float(said[1]), rel=1e-10)
            continue
        statistic, p, margins, df = (
            float(one.replace("NA", "nan").replace("nanN", "nan")) for one in said
        )
        if math.isnan(statistic):  # R divides 0 by 0 where nobody moved between two bands
            left += 1
        else:
            assert bowker(table).one().value == pytest.approx(statistic, rel=1e-10)
            assert bowker(table).one().p == pytest.approx(p, rel=1e-9)
        if not math.isnan(margins) and df:
            found = stuart_maxwell(table)
            assert found.one().value == pytest.approx(margins, rel=1e-9, abs=1e-9)
            assert found.model["df"] == df
        held += 1
    assert held == 40
    assert left < held / 2


def test_many_strata(tables):
    for _kind, strata, cells, *said in (line for line in tables if line[0] == "strata"):
        array = np.array(cells.split(","), dtype=int).reshape((2, 2, int(strata)), order="F")
        found = mantel_haenszel(array.transpose(2, 0, 1))
        ratio, test = found
        mine = (ratio.value, ratio.low, ratio.high, test.value, test.p)
        assert mine == pytest.approx(list(map(float, said)), rel=1e-8), cells


def test_differences_turn_round(tables):
    """Newcombe's has no R of its own; its limits are made of prop.test's, which R gives."""
    shares = {
        (int(events), int(of)): tuple(map(float, limits[:2]))
        for _kind, events, of, *limits in (line for line in tables if line[0] == "share")
    }
    for (one, (low_1, high_1)), (two, (low_2, high_2)) in itertools.product(
        shares.items(), repeat=2
    ):
        p, q = one[0] / one[1], two[0] / two[1]
        low = p - q - math.hypot(p - low_1, high_2 - q)
        high = p - q + math.hypot(high_1 - p, q - low_2)
        found = newcombe(*one, *two).one()
        assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
