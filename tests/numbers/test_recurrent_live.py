"""Recurring events against R itself, from the at-risk table on, where R is installed."""

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.causes import cause_specific
from evaluation.estimating.recurrent import andersen_gill, pwp_gap, pwp_total
from evaluation.following import at_risk_table, recurring, split

R = """
suppressMessages(library(survival))
home <- commandArgs(TRUE)[1]
out <- file(file.path(home, "out.csv"), "w")
for (i in 0:5) for (ties in c("efron", "breslow")) {
    d <- read.csv(file.path(home, paste0(i, ".csv")))
    say <- function(what, f) writeLines(paste(i, ties, what, names(coef(f)),
        sprintf("%.17g", coef(f)), sprintf("%.17g", sqrt(diag(vcov(f)))),
        sprintf("%.17g", f$loglik[2]), sep = ","), out)
    say("andersen_gill", coxph(Surv(start, stop, event) ~ arm + age + served, d,
        cluster = child_key, ties = ties))
    say("weighted", coxph(Surv(start, stop, event) ~ arm + age + strata(area), d,
        cluster = child_key, ties = ties, weights = weight))
    say("pwp_total", coxph(Surv(start, stop, event) ~ arm + age + served + strata(enum), d,
        cluster = child_key, ties = ties))
    say("pwp_gap", coxph(Surv(gap_start, gap_stop, event) ~ arm + age + strata(enum, area), d,
        cluster = child_key, ties = ties))
    say("cause", coxph(Surv(start, stop, cause == 2) ~ arm + age, d,
        cluster = child_key, ties = ties))
}
close(out)
"""


def rows(seed):
    """Children of two arms, some observed late, some away, some served on the way."""
    rng = np.random.default_rng(seed)
    count = 40 + 25 * seed
    zero = pd.Timestamp("2025-01-01")

    def after(days):
        return zero + pd.to_timedelta(days, "D")

    keys = np.array([f"C{number:03}" for number in range(count)])
    last = rng.integers(40, 90 + 60 * seed, count)
    children = pd.DataFrame(
        {
            "child_key": keys,
            "arm": rng.integers(0, 2, count),
            "time_zero": zero,
            "followed_to": after(last),
            "at_risk_from": pd.Series(after(rng.integers(1, 30, count))).where(
                rng.random(count) < 0.3
            ),
            "age": rng.integers(3, 18, count),
            "area": rng.choice(["east", "west"], count),
            "weight": rng.uniform(0.3, 3, count),
        }
    )
    who = rng.choice(count, 4 * count)
    began = rng.integers(1, 200, 4 * count)
    episodes = pd.DataFrame(
        {
            "child_key": keys[who],
            "started_on": after(began),
            "ended_on": after(began + rng.integers(0, 6, 4 * count)),
        }
    )
    gone = rng.integers(1, 100, count // 3)
    away = pd.DataFrame(
        {
            "child_key": rng.choice(keys, count // 3),
            "from_on": after(gone),
            "to_on": after(gone + rng.integers(2, 20, count // 3)),
        }
    )
    served = pd.DataFrame(
        {"child_key": keys[::2], "on": after(rng.integers(5, 80, len(keys[::2])))}
    )
    at_risk = split(at_risk_table(children, episodes, away=away), served, into="served")
    made = recurring(at_risk, most=3).rows.drop(columns=["arm", "time_zero"])
    made = made.merge(children[["child_key", "arm", "age", "area", "weight"]], on="child_key")
    return made.assign(cause=made["event"] * rng.integers(1, 3, len(made)))


@pytest.fixture(scope="module")
def cases():
    return [rows(seed) for seed in range(6)]


@pytest.fixture(scope="module")
def in_r(cases, tmp_path_factory):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    home = tmp_path_factory.mktemp("recurrent")
    for number, case in enumerate(cases):
        case.to_csv(home / f"{number}.csv", index=False)
    (home / "live.R").write_text(R)
    done = subprocess.run(
        ["Rscript", str(home / "live.R"), str(home)], capture_output=True, text=True, check=False
    )
    if "there is no package called" in done.stderr:
        pytest.skip("R is here, its package survival is not")
    assert done.returncode == 0, done.stderr
    names = ["case", "ties", "what", "term", "coefficient", "error", "loglik"]
    return pd.read_csv(home / "out.csv", names=names).set_index(["case", "ties", "what"])


CALLS = {
    "andersen_gill": lambda case, ties: andersen_gill("stop ~ arm + age + served", case, ties=ties),
    "weighted": lambda case, ties: andersen_gill(
        "stop ~ arm + age", case, ties=ties, strata="area", weights="weight"
    ),
    "pwp_total": lambda case, ties: pwp_total("stop ~ arm + age + served", case, ties=ties, most=3),
    "pwp_gap": lambda case, ties: pwp_gap(
        "stop ~ arm + age", case, ties=ties, most=3, strata="area"
    ),
    "cause": lambda case, ties: cause_specific(
        "stop ~ arm + age", case, of=2, start="start", child="child_key", ties=ties
    ),
}


@pytest.mark.parametrize("what", CALLS)
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_ours_are_rs(what, ties, cases, in_r):
    for number, case in enumerate(cases):
        r = in_r.loc[(number, ties, what)]
        fitted = CALLS[what](case.sample(frac=1, random_state=number), ties).model
        # R stops when the likelihood has settled to nine digits, which leaves it six or seven
        # of a coefficient near 0; ours goes on.
        for term, coefficient, error, loglik in r.itertuples(index=False):
            assert fitted.params[term] == pytest.approx(coefficient, rel=1e-6, abs=1e-7)
            assert fitted.bse[term] == pytest.approx(error, rel=1e-6)
            assert fitted.llf == pytest.approx(loglik, rel=1e-9)
