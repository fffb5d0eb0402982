"""Shares and tables of many awkward data, against R as it stands (stats)."""

import itertools
import math

import numpy as np
import pytest

from evaluation.estimating.paired import bowker, mcnemar, stuart_maxwell
from evaluation.estimating.proportions import clopper_pearson, newcombe, wilson
from evaluation.estimating.two_by_two import fisher, mantel_haenszel
from tests.numbers.said_by_r import r

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
