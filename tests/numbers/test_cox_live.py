"""Cox's model against R itself, on many awkward data sets: once for all, where R is installed.

What R does not take (weights of 0) or does otherwise is tested in tests/unit/estimating/cox.
"""

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.cox import Cox
from evaluation.estimating.cox.risksets import joined

R = """
suppressMessages(library(survival))
home <- commandArgs(TRUE)[1]
cases <- read.csv(file.path(home, "cases.csv"), colClasses = "character")
out <- file(file.path(home, "out.csv"), "w")
say <- function(i, ties, what, values) {
    if (is.null(values)) return(invisible())
    values <- as.vector(as.matrix(values))
    if (length(values)) writeLines(paste(i, ties, what, seq_along(values) - 1,
        sprintf("%.17g", values), sep = ","), out)
}
for (i in seq_len(nrow(cases))) for (ties in c("efron", "breslow")) {
    case <- cases[i, ]
    d <- read.csv(file.path(home, case$file), stringsAsFactors = TRUE)
    if (case$weights != "") d[[case$weights]] <- as.double(d[[case$weights]]) # cox.zph wants it so
    args <- list(formula = as.formula(case$formula), data = quote(d), ties = ties, x = TRUE,
        control = coxph.control(eps = 1e-13, iter.max = 60, toler.chol = 1e-14))
    if (case$cluster != "") args$cluster <- as.name(case$cluster)
    if (case$weights != "") args$weights <- as.name(case$weights)
    f <- do.call(coxph, args)
    one <- function(what, values) say(i - 1, ties, what, values)
    one("coef", coef(f)); one("cov", f$var); one("loglik", f$loglik)
    one("naive", if (is.null(f$naive.var)) f$var else f$naive.var)
    one("score", f$score); one("wald", f$wald.test); one("robust_score", f$rscore)
    one("concordance", f$concordance[c("concordance", "std")])
    one("counts", f$concordance[1:3])
    for (transform in c("km", "identity", "rank", "log"))
        if (transform != "log" || all(f$y[, ncol(f$y) - 1] > 0)) {
            z <- try(cox.zph(f, transform), silent = TRUE)
            if (!inherits(z, "try-error")) one(paste0("zph_", transform), z$table)
        }
    one("martingale", residuals(f)); one("deviance", residuals(f, "deviance"))
    one("score_resid", residuals(f, "score")); one("dfbeta", residuals(f, "dfbeta"))
    one("schoenfeld", residuals(f, "schoenfeld")); one("scaled", residuals(f, "scaledsch"))
    b <- basehaz(f, centered = FALSE)
    one("base_time", b$time); one("base", b$hazard)
    one("base_stratum", if (is.null(b$strata)) rep(1, nrow(b)) else as.integer(b$strata))
}
close(out)
"""


def awkward():
    """(name, rows, formula, R's formula, the roles of columns), made from one seed."""
    rng = np.random.default_rng(20261122)

    def rows(n, *, latest=30, whole=True, entry=False, share=0.6):
        x = rng.normal(size=(n, 3))
        g = rng.choice(["north", "south", "west"], n)
        stop = rng.exponential(latest / 2, n) * np.exp(-0.4 * x[:, 0] + 0.3 * (g == "west")) + 0.01
        stop = np.minimum(stop, latest)
        start = stop * rng.random(n) * (rng.random(n) < 0.7) if entry else np.zeros(n)
        if whole:
            start, stop = np.floor(start), np.ceil(stop)
        return pd.DataFrame(
            {
                "start": start,
                "stop": stop,
                "event": (rng.random(n) < share).astype(int),
                "a": x[:, 0],
                "b": np.round(x[:, 1], 1),
                "c": (x[:, 2] > 0).astype(int),
                "g": g,
                "s": rng.integers(0, 4, n),
                "r": rng.choice(["p", "q"], n),
                "id": rng.integers(0, max(n // 3, 2), n),
                "w": np.round(rng.gamma(2, 0.7, n), 3) + 0.01,
                "k": rng.integers(1, 4, n),
            }
        )

    plain, entry = "Surv(stop, event) ~ ", "Surv(start, stop, event) ~ "
    yield "whole days, ties", rows(150), "a + b + c", plain, {}
    yield "few days, many ties", rows(200, latest=4), "C(g) + a + c", plain, {}
    yield "times that are not whole", rows(120, whole=False), "C(g) + a + b", plain, {}
    yield "one covariate", rows(40), "a", plain, {}
    yield "one factor", rows(60), "C(g)", plain, {}
    yield "entry", rows(200, entry=True), "a + b + c", entry, {"start": "start"}
    yield (
        "entry, not whole",
        rows(150, entry=True, whole=False),
        "C(g) + a",
        entry,
        {"start": "start"},
    )
    yield (
        "entry, strata, clusters",
        rows(240, entry=True),
        "C(g) + a + b",
        entry,
        {"start": "start", "strata": ["s"], "cluster": "id"},
    )
    yield (
        "two strata columns, clusters",
        rows(240),
        "a + c",
        plain,
        {"strata": ["s", "r"], "cluster": "id"},
    )
    yield "fractional weights", rows(160, latest=8), "a + c", plain, {"weights": "w"}
    yield (
        "weights, clusters, entry, strata",
        rows(260, entry=True, latest=10),
        "C(g) + a + c",
        entry,
        {"start": "start", "weights": "w", "cluster": "id", "strata": ["s"]},
    )
    yield "whole weights", rows(150, latest=8), "a + b", plain, {"weights": "k"}
    yield "interaction", rows(200), "C(g) + a * c", plain, {}
    yield "all have events", rows(80, share=1.1), "a + c", plain, {}
    yield "few events", rows(300, share=0.05), "a + c", plain, {"cluster": "id"}
    yield "one event a stratum", rows(60, share=0.5, latest=3), "a", plain, {"strata": ["id"]}

    late = rows(150, latest=8)
    late[["start", "stop"]] = late[["start", "stop"]] * 1e9 + 5e9
    yield "very late times", late, "a + c", plain, {}
    small = rows(150, whole=False)
    small[["start", "stop"]] *= 1e-3
    yield "very early times", small, "a + c", plain, {}
    tenths = rows(200, latest=3, entry=True)
    tenths["stop"] = tenths["stop"] * 0.1 + rng.integers(0, 2, 200) * 1e-16
    tenths["start"] = tenths["start"] * 0.1
    yield "times that rounding tells apart", tenths, "a + c", entry, {"start": "start"}
    empty = rows(200)
    empty.loc[empty["s"] == 2, "event"] = 0
    empty.loc[empty["s"] == 3, "s"] = 17
    yield "a stratum without events", empty, "a + b", plain, {"strata": ["s"], "cluster": "id"}
    lone = rows(100)
    lone.loc[0, ["stop", "event", "s"]] = [99, 1, 99]
    lone = lone.astype({"stop": float})
    yield "a stratum of one, the last event alone", lone, "a + b", plain, {"strata": ["s"]}
    tied = rows(200, entry=True, latest=6)
    tied["event"] = (tied["stop"] % 2 == 0).astype(int)
    yield "events tied with entries", tied, "a + c", entry, {"start": "start", "cluster": "id"}
    wide = rows(400)
    for j in range(27):
        wide[f"z{j}"] = rng.normal(size=400) * 10.0 ** rng.integers(-2, 3)
    names = "a + b + c + " + " + ".join(f"z{j}" for j in range(27))
    yield "thirty covariates", wide, names, plain, {"cluster": "id"}
    shifted = rows(150)
    shifted["a"] = shifted["a"] + 1e5
    shifted["b"] = shifted["b"] * 3000 + 2e6
    yield "covariates far from 0", shifted, "a + b", plain, {}
    zero = rows(120, latest=6)
    zero["stop"] -= 1
    yield "events at time 0", zero, "a + c", plain, {}
    before = rows(150, entry=True)
    before[["start", "stop"]] -= 20
    yield "times below 0", before, "C(g) + a", entry, {"start": "start", "cluster": "id"}
    strong = rows(300)
    strong["a"] *= 0.2
    strong["stop"] = np.ceil(strong["stop"] * np.exp(-12 * strong["a"])).clip(upper=1e4)
    yield "a strong effect", strong, "a + c", plain, {}
    split = rows(60)
    split = split.loc[split.index.repeat(split["stop"].clip(upper=6).astype(int))]
    place = split.groupby(level=0).cumcount()
    last = place == split.groupby(level=0)["stop"].transform("size") - 1
    split = split.assign(
        start=place.to_numpy(),
        stop=place.to_numpy() + 1,
        event=np.where(last, split["event"], 0),
        a=split["a"] + 0.3 * place.to_numpy(),
    ).reset_index(drop=True)
    yield "rows split in days", split, "a + c", entry, {"start": "start", "cluster": "id"}
    both = rows(250, entry=True)
    both["id"] = np.arange(250) % 6
    yield "six clusters", both, "a + c", entry, {"start": "start", "cluster": "id"}


CASES = list(awkward())


def in_r(formula, roles):
    if "strata" in roles:
        formula += f" + strata({', '.join(roles['strata'])})"
    return formula.replace("C(g)", "factor(g)")


@pytest.fixture(scope="module")
def numbers_of_r(tmp_path_factory):
    rscript = shutil.which("Rscript")
    if not rscript:
        pytest.skip("no Rscript: Cox's model is not held against R itself here")
    home = tmp_path_factory.mktemp("cox")
    told = []
    for place, (_name, rows, formula, left, roles) in enumerate(CASES):
        rows.to_csv(home / f"{place}.csv", index=False, float_format="%.17g")
        told.append(
            {
                "file": f"{place}.csv",
                "formula": left + in_r(formula, roles),
                "cluster": roles.get("cluster", ""),
                "weights": roles.get("weights", ""),
            }
        )
    pd.DataFrame(told).to_csv(home / "cases.csv", index=False)
    (home / "cox.R").write_text(R)
    done = subprocess.run(
        [rscript, "--vanilla", str(home / "cox.R"), str(home)],
        capture_output=True,
        text=True,
        check=False,
    )
    if "there is no package" in done.stderr:
        pytest.skip("R has no package survival: Cox's model is not held against it here")
    assert done.returncode == 0, done.stderr
    out = pd.read_csv(home / "out.csv", names=["case", "ties", "what", "place", "value"])
    return {key: rows["value"].to_numpy() for key, rows in out.groupby(["case", "ties", "what"])}


def ours(fitted, theirs):
    """What R says, from our fit; tables column by column, as R writes them."""
    rows = fitted.model.rows
    at = fitted.model.given.stratum
    at = np.zeros(fitted.nobs, dtype=int) if at is None else at
    event = np.flatnonzero(rows.event)
    # R has events by stratum and time, and as they stand in the data; ours may change places.
    schoenfeld = fitted.schoenfeld_residuals.assign(
        place=fitted.kernel.sets.order[fitted.kernel.sets.dead]
    )
    _start, stop = joined(rows.start, rows.stop)
    r_order = event[np.lexsort((event, stop[event], at[event]))]
    scaled = fitted.scaled_schoenfeld_residuals.set_axis(schoenfeld["place"], axis=0)
    schoenfeld = schoenfeld.set_index("place")
    said = {
        "coef": fitted.params,
        "cov": fitted.cov_params(),
        "naive": fitted.cov_naive,
        "loglik": [fitted.llnull, fitted.llf],
        "score": [fitted.score_test().statistic],
        "wald": [fitted.wald().statistic],
        "concordance": [fitted.concordance.value, fitted.concordance.se],
        "counts": [
            fitted.concordance.concordant,
            fitted.concordance.discordant,
            fitted.concordance.tied_x,
        ],
        "martingale": fitted.martingale_residuals,
        "deviance": fitted.deviance_residuals,
        "score_resid": fitted.score_residuals,
        "dfbeta": fitted.dfbeta,
        "schoenfeld": schoenfeld.loc[r_order],
        "scaled": scaled.loc[r_order],
    }
    if "robust_score" in theirs:
        said["robust_score"] = [fitted.robust_score_test().statistic]
    for transform in ("km", "identity", "rank", "log"):
        if f"zph_{transform}" in theirs:
            said[f"zph_{transform}"] = fitted.proportional_hazards_test(transform)
    return {what: np.asarray(values, dtype=float).ravel(order="F") for what, values in said.items()}


@pytest.mark.slow
@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("place", range(len(CASES)), ids=[case[0] for case in CASES])
def test_agrees_with_r_itself(place, ties, numbers_of_r):
    _name, rows, formula, _left, roles = CASES[place]
    theirs = {
        what: values
        for (case, way, what), values in numbers_of_r.items()
        if (case, way) == (place, ties)
    }
    assert {"coef", "zph_km", "dfbeta", "base"} <= set(theirs)
    model = Cox.from_formula(f"stop ~ {formula}", rows, event="event", ties=ties, **roles)
    fitted = model.fit(warn=False)
    assert fitted.converged
    mine = ours(fitted, theirs)
    for what, values in mine.items():
        size = np.abs(theirs[what]).max()
        assert values == pytest.approx(theirs[what], rel=1e-8, abs=1e-9 * max(size, 1e-3)), what

    curves = fitted.baseline()
    labels = fitted.model.given.strata_labels
    for code in np.unique(theirs["base_stratum"]):
        here = theirs["base_stratum"] == code
        curve = curves
        if labels:
            curve = curves[[one == labels[int(code) - 1] for one in curves["stratum"]]]
        reached = np.searchsorted(
            curve["time"] - 1e-9 * curve["time"].abs(), theirs["base_time"][here], side="right"
        )
        value = np.append(0.0, curve["cumulative_hazard"])[reached]
        assert value == pytest.approx(theirs["base"][here], rel=1e-8, abs=1e-300)
