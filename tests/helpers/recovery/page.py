"""What many worlds say: does the interval cover, is a claim right, and what would the naive say?"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version

import numpy as np
import pandas as pd
from scipy.stats import norm

from analyses.invented.truth import Truth
from analyses.plan import Plan
from recovery.roads import WORLD, standard_error
from recovery.running import Settings

VERSIONS = ("numpy", "scipy", "pandas", "statsmodels", "duckdb")


def summed(rows: pd.DataFrame, truths: Mapping[float, Truth], plan: Plan) -> pd.DataFrame:
    """One row is one effect; shares are of all its worlds.

    truth, truth_error  the marginal ratio, and the standard error of its log
    ratio, bias         exp(mean of the log ratios); that over the truth, less 1
    spread, planned     standard deviation of the log ratios, and the one that the plan
                        computes with
    covers, shown       the interval holds the truth: as made, and as released (rounded)
    below, above        the interval lies below 1, above 1
    fewer, more         the report claims fewer episodes, more
    wrong               it claims the side on which the truth is not: under 'no effect' the
                        larger of the two sides
    beyond              the interval lies on the truth's side of 1 (of no effect: on either)
    power, power_plan   the report claims the truth's side, which a blocked claim does not; what
                        the plan computes for this truth from what it printed before each result
                        (of no effect: the share it allows on either side)
    silent              no claim could be made: blocked, or not to be estimated
    naive, naive_better exp(mean log of after / before), and how often it is below 1
    """
    told = []
    for effect, own in rows.groupby("effect"):
        truth = truths[effect]
        logs, target = np.log(own["value"]), np.log(truth.ratio)
        error = standard_error(own["detectable"], plan)
        naive = np.log(own["after"] / own["before"])
        z = float(norm.ppf((1 + plan.confidence) / 2))
        below, above = own["high"].lt(1), own["low"].gt(1)
        fewer, more = own["claim"].eq("fewer"), own["claim"].eq("more")
        none = effect == 1
        told.append(
            {
                "effect": effect,
                "worlds": len(own),
                "children": own["children"].mean(),
                "truth": truth.ratio,
                "truth_error": truth.monte_carlo_error,
                "ratio": np.exp(logs.mean()),
                "bias": np.exp(logs.mean() - target) - 1,
                "bias_error": np.hypot(logs.std() / np.sqrt(len(own)), truth.monte_carlo_error),
                "spread": logs.std(),
                "planned": error.mean(),
                "covers": (own["low"].le(truth.ratio) & own["high"].ge(truth.ratio)).mean(),
                "shown": (
                    own["shown_low"].le(truth.ratio) & own["shown_high"].ge(truth.ratio)
                ).mean(),
                "below": below.mean(),
                "above": above.mean(),
                "fewer": fewer.mean(),
                "more": more.mean(),
                "wrong": max(fewer.mean(), more.mean()) if none else more.mean(),
                "beyond": (below | above).mean() if none else below.mean(),
                "power": (fewer | more).mean() if none else fewer.mean(),
                "power_plan": (norm.cdf(-target / error - z) + none * norm.cdf(target / error - z)).mean(),
                "silent": (~own["claim"].isin(["fewer", "more", "inconclusive"])).mean(),
                "naive": np.exp(naive.mean()),
                "naive_better": (naive < 0).mean(),
            }
        )  # fmt: skip
    return pd.DataFrame(told).sort_values("effect", ascending=False, ignore_index=True)


def written(
    rows: pd.DataFrame, settings: Settings, truths: Mapping[float, Truth], *, on: date
) -> str:
    """docs/recovery.md."""
    versions = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    truth = next(iter(truths.values()))
    lines = "\n".join(map(_line, rows.to_dict("records")))
    naive = "\n".join(map(_naive, rows.to_dict("records")))
    worlds = rows["worlds"].min()
    last = settings.seed + worlds - 1
    return f"""# Recovery: does the whole road find a known effect?

Written by `make calibrate` on {on:%-d %B %Y}; not by hand. {worlds:,} worlds for each effect (the same seeds, {settings.seed:,} and after{"" if worlds < settings.worlds else f", to {last:,}"}), {settings.children:,} children at risk in each, eight quarters of returns, {settings.replicates} bootstrap replicates. Python {platform.python_version()}, {versions}.

**In short.** {_in_short(rows)}

**The road.** Returns are invented, a snapshot is taken, children are aligned at the trigger, arms made alike, the ratio estimated, stamped, held to the plan and released, and the claim is the one that the report would print (`reports.quarterly.comparison.claim`). What `make calibrate` runs many times leaves workbooks and store out; `tests/slow/test_recovery.py` takes a world of each effect through workbooks that are written, read, checked and accepted, and holds that its whole release is the same, figure for figure.

**The world** holds every difficulty at once: children are referred after a spike; each episode makes the next {WORLD.after_episode:.0f} times likelier for {WORLD.after_days} days; each child has a frailty that nobody sees; many of those not referred are referred later; and the meeting sends {WORLD.elsewhere:.0%} of those it discusses to another service, which multiplies their rate by {WORLD.elsewhere_effect:g} and is no part of the comparison. The service multiplies the rate by 1, 0.7 or 0.5.

**The truth** is the marginal ratio: episodes per day at risk in {truth.days:g} days, of children like those referred, who live twice with the same chances, once with that one referral withheld ({", ".join(f"{each.children:,}" for each in truths.values())} referred children for the effects as listed). It is milder than the effect, because children not referred are referred later. Without an effect it lies a little off 1: who is referred here is not sent to the other service.

## What the design finds

Brackets hold Monte Carlo standard errors. *Covers*: of the 95% intervals, those that hold the truth, before rounding and as released. *Beyond 1*: those wholly on the truth's side of 1 (without an effect: on either side). *Claimed*: the report says so; a claim that the plan blocks counts as none. *The plan computes*: the power it would have promised for this truth, from the smallest ratio that it printed before each result (`minimum_detectable_rate_ratio`). Spread is the standard deviation of the log ratio.

| effect | truth | ratio found | bias | spread (the plan's) | covers | as released | beyond 1 | claimed | the plan computes |
|---|---|---|---|---|---|---|---|---|---|
{lines}

## What a report would claim, and what before and after would say

*Wrong* is a claim for the side on which the truth is not; without an effect, the more frequent of the two. *Silent*: a claim was blocked by the plan, or nothing could be estimated. *Before and after* compares 90 days on either side of the referral, of the children referred, as is usual.

| effect | claims fewer | claims more | wrong | inconclusive | silent | before and after: ratio | … looks better |
|---|---|---|---|---|---|---|---|
{naive}
"""


def _in_short(rows: pd.DataFrame) -> str:
    def between(name: str) -> str:
        least, most = (f"{100 * share:.0f}%" for share in (rows[name].min(), rows[name].max()))
        return least if least == most else f"{least} to {most}"

    real = rows[rows["effect"] != 1]
    claimed = " and ".join(
        f"{100 * row.power:.0f}% where the service multiplies the rate by {row.effect:g} (the plan computes "
        f"{100 * row.power_plan:.0f}%)"
        for row in real.itertuples()
    )
    return (
        f"The 95% intervals hold the truth in {between('covers')} of the worlds, and a wrong claim "
        f"comes in at most {100 * rows['wrong'].max():.1f}%. With {rows['children'].mean():.0f} "
        f"children compared, fewer episodes are claimed in {claimed}: what is not claimed is not "
        f"disproved. Before and after looks better in {between('naive_better')} of the worlds, "
        "whatever the service does."
    )


def _line(row: dict) -> str:
    def share(name: str) -> str:
        return f"{100 * row[name]:.1f} ({100 * np.sqrt(row[name] * (1 - row[name]) / row['worlds']):.1f})%"

    cells = (
        "none" if row["effect"] == 1 else f"{row['effect']:g}",
        f"{row['truth']:.3f} ({100 * row['truth_error']:.1f}%)",
        f"{row['ratio']:.3f}",
        f"{100 * row['bias']:+.1f} ({100 * row['bias_error']:.1f})%",
        f"{row['spread']:.2f} ({row['planned']:.2f})",
        share("covers"),
        share("shown"),
        share("beyond"),
        share("power"),
        f"{100 * row['power_plan']:.1f}%",
    )
    return f"| {' | '.join(cells)} |"


def _naive(row: dict) -> str:
    inconclusive = 1 - row["fewer"] - row["more"] - row["silent"]
    shares = (row["fewer"], row["more"], row["wrong"], inconclusive, row["silent"])
    cells = (
        "none" if row["effect"] == 1 else f"{row['effect']:g}",
        *(f"{100 * abs(share):.1f}%" for share in shares),
        f"{row['naive']:.2f}",
        f"{100 * row['naive_better']:.1f}%",
    )
    return f"| {' | '.join(cells)} |"
