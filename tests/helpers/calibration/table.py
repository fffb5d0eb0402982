"""What many simulations say of each way: coverage, rejection and bias, with Monte Carlo errors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

WAYS: Mapping[str, str] = {
    "default": "**The default**: ATT weights, whole-child bootstrap, percentiles, bias taken off",
    "bias_kept": "the same with the bias of few children left on the ratio",
    "doubly_robust": "the same, doubly robust (weights and a Poisson model)",
    "sparing": "the default with ten children for each parameter of the propensity",
    "unweighted": "the default without weights",
    "negative_binomial": "our negative binomial model, adjusted",
    "andersen_gill": "our Andersen–Gill model, adjusted, clustered by child",
    "before_after": "naive: before and after among the referred",
    "poisson": "naive: Poisson, neither adjusted nor clustered",
    "phreg_first": "statsmodels PHReg, first episodes, adjusted",
    "phreg_plain": "statsmodels PHReg, all episodes, adjusted",
    "phreg_clustered": "statsmodels PHReg, all episodes, adjusted, `groups=child`",
    "lifelines": "lifelines CoxPHFitter, all episodes, adjusted, `cluster_col`",
}
"""Every way in the order of the table. Hazard and conditional ratios aim at something else."""


def summed(found: pd.DataFrame, truths: Mapping[float, float]) -> pd.DataFrame:
    """One row is one way in one world at one size.

    coverage, rejection   shares of all simulations; no interval covers nothing and rejects nothing
    bias                  exp(mean of log(ratio / truth)) - 1, of those that gave a ratio
    mean_bias             mean of ratio / truth - 1: what chance adds to a ratio is in it
    missing               share without an interval
    *_error               Monte Carlo standard errors
    """
    found = found.assign(truth=found["effect"].map(truths))
    found = found.assign(
        covers=found["low"].le(found["truth"]) & found["high"].ge(found["truth"]),
        rejects=found["low"].gt(1) | found["high"].lt(1),
        ratio=found["value"] / found["truth"],
        log=np.log(found["value"] / found["truth"]),
        missing=found["low"].isna() | found["high"].isna(),
    )
    by = found.groupby(["effect", "pull", "size", "who"])
    rows = by.agg(
        simulations=("covers", "size"),
        coverage=("covers", "mean"),
        rejection=("rejects", "mean"),
        log=("log", "mean"),
        spread=("log", "std"),
        given=("log", "count"),
        mean_bias=("ratio", "mean"),
        missing=("missing", "mean"),
    )
    shares = ("coverage", "rejection")
    errors = {
        f"{name}_error": np.sqrt(rows[name] * (1 - rows[name]) / rows["simulations"])
        for name in shares
    }
    bias = np.exp(rows["log"])
    return rows.assign(
        bias=bias - 1,
        bias_error=bias * rows["spread"] / np.sqrt(rows["given"]),
        mean_bias=rows["mean_bias"] - 1,
        **errors,
    ).reset_index()


def markdown(rows: pd.DataFrame) -> str:
    """A table for each world and size."""
    told = []
    for (effect, pull, size), block in rows.groupby(["effect", "pull", "size"]):
        title = "No effect" if effect == 1 else f"An effect (hazard × {effect:g} from the referral)"
        title += ", arms less alike" if pull else ""
        told.append(f"### {title}: {size} children\n")
        told.append(
            "| way | simulations | covers | rejects | bias | mean of ratios | spread of log | no interval |"
        )
        told.append("|---|---|---|---|---|---|---|---|")
        some = block.set_index("who")
        for who in (name for name in WAYS if name in some.index):
            row = some.loc[who]
            told.append(
                f"| {WAYS[who]} | {row['simulations']:,.0f} | {_share(row, 'coverage')} | {_share(row, 'rejection')} "
                f"| {100 * row['bias']:+.1f} ({100 * row['bias_error']:.1f})% "
                f"| {100 * row['mean_bias']:+.1f}% | {row['spread']:.2f} "
                f"| {100 * row['missing']:.1f}% |"
            )
        told.append("")
    return "\n".join(told)


def _share(row: pd.Series, name: str) -> str:
    return f"{100 * row[name]:.1f} ({100 * row[f'{name}_error']:.1f})%"
