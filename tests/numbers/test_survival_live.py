"""Curves, means and tests of random data, held against R's `survival` where R is installed.

R is called once; it writes its figures as rows of (case, what, group, day, quantity, value), and
every one of them is held against ours.
"""

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.survival import (
    cumulative_incidence,
    kaplan_meier,
    log_rank,
    mean_cumulative,
    rmst,
)

pytestmark = pytest.mark.slow

AT = (1, 3, 7, 12, 20)
UNTIL = 12
CASES = {
    # rows, last day, share of events by kind, entry, clusters
    "many_ties": (200, 10, (0.3, 0.5, 0.2), False, 40),
    "few_ties": (150, 400, (0.4, 0.4, 0.2), False, 150),
    "small": (12, 15, (0.3, 0.5, 0.2), False, 5),
    "heavy_censoring": (120, 40, (0.9, 0.06, 0.04), False, 30),
    "all_events": (40, 25, (0, 0.7, 0.3), False, 10),
    "delayed": (200, 30, (0.3, 0.5, 0.2), True, 50),
    "delayed_ties": (150, 8, (0.3, 0.5, 0.2), True, 30),
    "delayed_small": (20, 25, (0.2, 0.6, 0.2), True, 6),
    "no_events_in_a_group": (60, 25, (0.3, 0.5, 0.2), False, 20),
}
R = r"""
suppressMessages(library(survival))
all <- read.csv("rows.csv"); at <- c(1, 3, 7, 12, 20); until <- 12; out <- list()
put <- function(case, what, group, day, quantity, value)
  out[[length(out) + 1]] <<- data.frame(case, what, group, day, quantity, value)
curve <- function(case, what, group, f) {
  last <- max(f$time)
  days <- at[at >= min(f$time) & at <= last]
  if (length(days)) {
    s <- summary(f, times = days)
    put(case, what, group, days, "value", s$surv)
    put(case, what, group, days, "se", ifelse(s$surv == 0, 0, s$std.err))
    put(case, what, group, days, "low", s$lower)
    put(case, what, group, days, "high", s$upper)
  }
  p <- c(.25, .5, .8); q <- quantile(f, p)
  put(case, paste0(what, "_quantile"), group, p, "value", q$quantile)
  put(case, paste0(what, "_quantile"), group, p, "low", q$lower)
  put(case, paste0(what, "_quantile"), group, p, "high", q$upper)
}
area <- function(x, time, until) {       # of a step function that is 0 or 1 before its first step
  t <- c(time[time < until], until); sum(diff(t) * x[seq_len(length(t) - 1)])
}
for (case in unique(all$case)) {
  d <- all[all$case == case, ]
  late <- any(d$start > 0)
  for (g in unique(d$group)) {
    x <- d[d$group == g, ]
    y <- if (late) Surv(x$start, x$stop, x$kind > 0) else Surv(x$stop, x$kind > 0)
    f <- survfit(y ~ 1, conf.type = "log-log"); curve(case, "plain", g, f)
    if (max(f$time) >= until || min(f$surv) == 0) {
      m <- survival:::survmean(f, rmean = until)$matrix
      put(case, "rmst", g, until, "value", m["rmean"]); put(case, "rmst", g, until, "se", m["se(rmean)"])
    }
    f <- survfit(y ~ 1, weights = x$w, id = x$id, robust = TRUE, conf.type = "log-log")
    curve(case, "weighted", g, f)
    f <- survfit(y ~ 1, weights = x$w, cluster = x$cluster, conf.type = "log-log", influence = 1)
    curve(case, "clustered", g, f)
    if (max(f$time) >= until || min(f$surv) == 0) {
      put(case, "rmst_clustered", g, until, "value", area(c(1, f$surv), c(0, f$time), until))
      moved <- apply(f$influence.surv, 1, function(i) area(c(0, i), c(0, f$time), until))
      put(case, "rmst_clustered", g, until, "se", sqrt(sum(moved^2)))
    }
    f <- survfit(y ~ 1, weights = x$whole, conf.type = "log-log"); curve(case, "counts", g, f)
    x$state <- factor(x$kind, 0:2)
    y <- if (late) Surv(x$start, x$stop, x$state) else Surv(x$stop, x$state)
    for (what in c("incidence", "incidence_weighted")) {
      w <- if (what == "incidence") rep(1, nrow(x)) else x$w
      f <- survfit(y ~ 1, weights = w, id = x$id)
      days <- at[at >= min(f$time) & at <= max(f$time)]
      if (!length(days)) next
      s <- summary(f, times = days)
      for (kind in intersect(c("1", "2"), f$states)) {
        k <- match(kind, f$states); name <- paste0(what, kind)
        put(case, name, g, days, "value", s$pstate[, k]); put(case, name, g, days, "se", s$std.err[, k])
        put(case, name, g, days, "low", s$lower[, k]); put(case, name, g, days, "high", s$upper[, k])
      }
    }
  }
  if (!late) for (rho in 0:1) {
    put(case, paste0("rank", rho), "contrast", NA, "value", survdiff(Surv(stop, kind > 0) ~ group, d, rho = rho)$chisq)
    s <- survdiff(Surv(stop, kind > 0) ~ group + strata(stratum), d, rho = rho)
    put(case, paste0("rank_strata", rho), "contrast", NA, "value", s$chisq)
    put(case, paste0("rank_strata", rho), "contrast", NA, "p", s$pvalue)
  }
}
# Without ties the log-rank test is Cox's score test, which takes entry as well.
d <- read.csv("untied.csv")
s <- summary(coxph(Surv(start, stop, event) ~ factor(group), d))$sctest
put("untied", "rank_entry", "contrast", NA, "value", s[1]); put("untied", "rank_entry", "contrast", NA, "p", s[3])
s <- summary(coxph(Surv(start, stop, event) ~ factor(group) + strata(stratum), d))$sctest
put("untied", "rank_entry_strata", "contrast", NA, "value", s[1])
d <- read.csv("again.csv")
for (g in unique(d$group)) {
  x <- d[d$group == g, ]
  for (what in c("mean", "mean_weighted", "mean_clustered", "mean_poisson")) {
    x$one <- if (what == "mean" || what == "mean_poisson") 1 else x$w
    f <- if (what == "mean_poisson") survfit(Surv(start, stop, events) ~ 1, x, robust = FALSE)
      else if (what == "mean_clustered") survfit(Surv(start, stop, events) ~ 1, x, weights = one, id = child, cluster = x$cluster)
      else survfit(Surv(start, stop, events) ~ 1, x, weights = one, id = child, robust = TRUE)
    s <- summary(f, times = c(10, 40, 90))
    put("again", what, g, c(10, 40, 90), "value", s$cumhaz); put("again", what, g, c(10, 40, 90), "se", s$std.chaz)
  }
}
write.csv(do.call(rbind, out), "figures.csv", row.names = FALSE)
"""


def rows():
    """The cases' rows: whole days, three groups (one may be empty of events), weights, clusters."""
    made = []
    for seed, (case, (n, last, shares, late, clusters)) in enumerate(CASES.items()):
        rng = np.random.default_rng(seed)
        start = rng.integers(0, last // 2, n) if late else np.zeros(n, dtype=int)
        kind = rng.choice(3, n, p=shares)
        group = rng.choice(["a", "b"] if n < 50 else ["a", "b", "c"], n)
        if case == "no_events_in_a_group":
            kind[group == "b"] = 0
        made.append(
            pd.DataFrame(
                {
                    "case": case,
                    "id": np.arange(n),
                    "start": start,
                    "stop": start + rng.integers(1, last, n),
                    "kind": kind,
                    "group": group,
                    "w": rng.uniform(0.1, 3, n),
                    "whole": rng.integers(1, 4, n),
                    "cluster": rng.integers(0, clusters, n),
                    "stratum": rng.choice(["x", "y"], n),
                }
            )
        )
    return pd.concat(made, ignore_index=True)


def untied(n=90):
    rng = np.random.default_rng(5)
    start = rng.uniform(0, 20, n)
    return pd.DataFrame(
        {
            "start": start,
            "stop": start + rng.exponential(20, n),
            "event": rng.integers(0, 2, n),
            "group": rng.choice([1, 2, 3], n),
            "stratum": rng.choice([1, 2], n),
        }
    )


def again(children=80):
    """Rows that one child has again and again, with gaps between some of them."""
    rng = np.random.default_rng(6)
    made = []
    for child in range(children):
        rate, day = rng.gamma(1, 1 / 20), int(rng.integers(0, 15))
        ends = int(rng.integers(60, 120))
        group, weight, cluster = rng.choice(["a", "b"]), rng.uniform(0.2, 3), child // 4
        while day < ends:
            stop = min(ends, day + 1 + int(rng.exponential(1 / max(rate, 0.005))))
            made.append((child, day, stop, int(stop < ends), group, weight, cluster))
            day = stop + int(rng.integers(0, 3))
    columns = ["child", "start", "stop", "events", "group", "w", "cluster"]
    return pd.DataFrame(made, columns=columns)


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed: R's figures of random data cannot be made")
    home = tmp_path_factory.mktemp("r")
    rows().to_csv(home / "rows.csv", index=False)
    untied().to_csv(home / "untied.csv", index=False)
    again().to_csv(home / "again.csv", index=False)
    (home / "figures.R").write_text(R)
    ran = subprocess.run(
        [rscript, "figures.R"], cwd=home, capture_output=True, text=True, check=False
    )
    if "no package called" in ran.stderr:
        pytest.skip("R's package survival is not installed")
    assert ran.returncode == 0, ran.stderr
    return pd.read_csv(home / "figures.csv")


def ours():
    """(case, what, group, day) -> our figure, for all that R was asked."""
    found = {}
    for case, d in rows().groupby("case", sort=False):
        named = {**curves(d), **areas(d), **incidences(d), **({} if CASES[case][3] else ranks(d))}
        found |= {(case, *key): one for key, one in named.items()}
    found |= {("untied", *key): one for key, one in late_ranks(untied()).items()}
    return found | {("again", *key): one for key, one in means(again()).items()}


def same(d):
    return {"entry": d["start"] if (d["start"] > 0).any() else None, "group": d["group"]}


def curves(d):
    kinds = {
        "plain": {},
        "weighted": {"weights": d["w"]},
        "clustered": {"weights": d["w"], "cluster": d["cluster"]},
        "counts": {"weights": d["whole"], "errors": "greenwood"},
    }
    found, shares = {}, (0.25, 0.5, 0.8)
    for what, more in kinds.items():
        curve = kaplan_meier(d["stop"], d["kind"] > 0, at=AT, quantiles=shares, **same(d), **more)
        points = [one for one in curve if one.measure == "survival"]
        found |= {(what, one.group, one.days): one for one in points}
        quantiles = [one for one in curve if one.measure != "survival"]
        found |= {
            (f"{what}_quantile", one.group, share): one
            for one, share in zip(quantiles, shares * d["group"].nunique(), strict=True)
        }
    return found


def areas(d):
    kinds = {"rmst": {}, "rmst_clustered": {"weights": d["w"], "cluster": d["cluster"]}}
    return {
        (what, one.group, one.days): one
        for what, more in kinds.items()
        for one in rmst(d["stop"], d["kind"] > 0, until=UNTIL, **same(d), **more)
    }


def incidences(d):
    kinds = {"incidence": None, "incidence_weighted": d["w"]}
    return {
        (f"{what}{one.outcome}", one.group, one.days): one
        for what, weights in kinds.items()
        for one in cumulative_incidence(d["stop"], d["kind"], at=AT, weights=weights, **same(d))
    }


def ranks(d):
    kinds = {"rank": None, "rank_strata": d["stratum"]}
    return {
        (f"{what}{rho}", "contrast", None): log_rank(
            d["stop"], d["kind"] > 0, d["group"], strata=strata, rho=rho
        ).one()
        for rho in (0, 1)
        for what, strata in kinds.items()
    }


def late_ranks(d):
    kinds = {"rank_entry": None, "rank_entry_strata": d["stratum"]}
    return {
        (what, "contrast", None): log_rank(
            d["stop"], d["event"], d["group"], entry=d["start"], strata=strata
        ).one()
        for what, strata in kinds.items()
    }


def means(d):
    kinds = {
        "mean": {},
        "mean_weighted": {"weights": "w"},
        "mean_clustered": {"weights": "w", "cluster": "cluster"},
        "mean_poisson": {"errors": "poisson"},
    }
    return {
        (what, one.group, one.days): one
        for what, more in kinds.items()
        for one in mean_cumulative(d, at=(10, 40, 90), child="child", group="group", **more)
    }


def test_ours_are_rs_on_random_data(figures):
    found = ours()
    wrong = []
    for row in figures.itertuples():
        day = None if pd.isna(row.day) else (row.day if row.day < 1 else int(row.day))
        mine = getattr(found[row.case, row.what, row.group, day], row.quantity)
        rel = 1e-5 if row.quantity in ("se", "low", "high") else 1e-6
        mine = np.nan if mine is None else mine
        if mine != pytest.approx(row.value, rel=rel, abs=1e-9, nan_ok=True):
            wrong.append((row.case, row.what, row.group, day, row.quantity, mine, row.value))
    assert len(figures) > 1000
    assert not wrong, "\n".join(map(str, [len(wrong), *wrong[:40]]))
