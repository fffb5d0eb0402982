"""What is looked for in data: each function warns of one trap, or finds that it is not near."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import chi2

from evaluation.errors import WrongUse
from evaluation.estimating.beware import FEW_CLUSTERS
from evaluation.estimating.collinear import refuse_collinear
from evaluation.estimating.columns import as_dates
from evaluation.estimating.found import Beware
from evaluation.estimating.separation import endless
from evaluation.language import _

SPIKE = 1.25
"""Recent episodes this many times as frequent as those before them are called a spike."""


def regression_to_the_mean(
    recent: ArrayLike, earlier: ArrayLike, *, recent_days: int, earlier_days: int
) -> Beware | None:
    """Warn where children come in at their worst, so that a fall would follow without a service.

    One item is one child: its episodes in the `recent_days` before time zero, and in the
    `earlier_days` before those. A spike that ends is nobody's doing; compare with children who
    were at their worst on the same day and were not referred (trap a).

    >>> print(regression_to_the_mean([3, 4, 3], [1, 2, 2], recent_days=90, earlier_days=275).text)
    Episodes were 6.1 times as frequent in the 90 days before time zero as before them. \
A referral follows a spike; a fall is to be expected without any service.

    Source: Bland & Altman (1994), BMJ 308:1499.
    """
    now = float(np.sum(np.asarray(recent, dtype=float))) / recent_days
    before = float(np.sum(np.asarray(earlier, dtype=float))) / earlier_days
    if now <= SPIKE * before or now == 0:
        return None
    if before == 0:
        text = _(
            "All episodes before time zero fell into the last {days} days. A referral follows a "
            "spike; a fall is to be expected without any service.",
            days=recent_days,
        )
    else:
        text = _(
            "Episodes were {times} times as frequent in the {days} days before time zero as before "
            "them. A referral follows a spike; a fall is to be expected without any service.",
            times=round(now / before, 1),
            days=recent_days,
        )
    return Beware("regression_to_the_mean", text)


def overdispersion(events: ArrayLike, expected: ArrayLike, *, parameters: int = 1) -> Beware | None:
    """Warn where counts vary more about what was expected than a Poisson model allows (trap c).

    One item is one child: its events, and how many its model (of so many `parameters`) expects.
    Warned of where Pearson's statistic is beyond the 95th percentile of its chi-squared
    distribution. The remedy: a negative binomial model, or errors clustered by child.

    >>> print(overdispersion([0, 0, 0, 0, 12], np.full(5, 2.4)).text)
    The counts vary 12 times as much as a Poisson model allows; its intervals are too narrow.

    Source: McCullagh & Nelder (1989), Generalized Linear Models, section 6.2.
    """
    seen, mean = np.asarray(events, dtype=float), np.asarray(expected, dtype=float)
    if (mean <= 0).any():
        raise WrongUse(_("What a model expects of a count is above 0; leave out days not at risk."))
    df = len(seen) - parameters
    pearson = float(((seen - mean) ** 2 / mean).sum())
    if df < 1 or pearson <= chi2.ppf(0.95, df):
        return None
    times = round(pearson / df, 1)
    return Beware(
        "overdispersion",
        _(
            "The counts vary {times} times as much as a Poisson model allows; its intervals are "
            "too narrow.",
            times=int(times) if times.is_integer() else times,
        ),
    )


def clustering(child: ArrayLike, cluster: ArrayLike | None = None) -> Beware | None:
    """Warn where rows share a child that is not the cluster, or where clusters are few (trap d).

    One item is one row of a model: its child, and what its errors are clustered by (None: by
    nothing). Rows of one child are not independent. Of few clusters (fewer than 40, such as
    authorities) robust errors are too small; bias-reduced ones with t(G - 2) are nearer.

    >>> print(clustering(["A", "A", "B"]).text)
    3 rows come from 2 children and are taken as independent; intervals are too narrow. \
Cluster by child.

    Source: Cameron & Miller (2015), J Hum Resour 50:317.
    """
    who = pd.Series(np.asarray(child))
    if cluster is None:
        if who.is_unique:
            return None
        return Beware(
            "clustering",
            _(
                "{rows} rows come from {children} children and are taken as independent; intervals "
                "are too narrow. Cluster by child.",
                rows=len(who),
                children=int(who.nunique()),
            ),
        )
    of = pd.Series(np.asarray(cluster))
    pairs = pd.DataFrame({"child": who, "cluster": of}).drop_duplicates()
    torn = int((pairs["child"].value_counts() > 1).sum())
    if torn:
        return Beware(
            "clustering",
            _(
                "{torn} children stand in more than one cluster, so the clusters are not "
                "independent of each other.",
                torn=torn,
            ),
        )
    clusters = int(of.nunique())
    if clusters >= FEW_CLUSTERS:
        return None
    return Beware(
        "few_clusters",
        _(
            "Only {G} clusters. Robust errors of so few are too small; bias-reduced errors with "
            "t of {df} degrees of freedom are nearer.",
            G=clusters,
            df=max(clusters - 2, 0),
        ),
    )


def truncation(began: ArrayLike, ended: ArrayLike, *, first: object, last: object) -> Beware | None:
    """Warn of cases that began before the window or were still open at its end (trap e).

    One item is one case: its first day and its last (missing while it goes on); `first` and
    `last` are the window's days. The remedy is a curve with entry and censoring
    (`kaplan_meier(..., entry=...)`), never a median of the cases that closed. Raises WrongUse
    for what is no date; a text has its year first.

    >>> print(truncation(["2024-11-01", "2025-01-10"], ["2025-02-01", None],
    ...                  first="2025-01-01", last="2025-03-31").text)
    1 of 2 cases began before the window; 1 were still open at its end. Lengths of those that \
closed within it mislead.
    """
    start, end = as_dates(began, _("First days")), as_dates(ended, _("Last days"))
    opens, closes = as_dates([str(first), str(last)], _("The days of the window"))
    early, open_still = int((start < opens).sum()), int((end.isna() | (end > closes)).sum())
    if not early and not open_still:
        return None
    return Beware(
        "truncation",
        _(
            "{early} of {cases} cases began before the window; {open} were still open at its end. "
            "Lengths of those that closed within it mislead.",
            early=early,
            cases=len(start),
            open=open_still,
        ),
    )


def competing_events(ended_by: ArrayLike, *, event: object, censored: object) -> Beware | None:
    """Warn where other ends come before the event, which is not censoring (trap f).

    One item is one case: the code of how it ended; `event` is the one asked about, `censored`
    (or missing) that it was not seen to end. 1 - Kaplan-Meier takes the others for cases that
    would have had the event later. The remedy is `cumulative_incidence`, with `cause_specific`.

    >>> print(competing_events(["closed", "moved", "open"], event="closed", censored="open").text)
    1 cases ended another way. One less the survival curve overstates the share; use the \
cumulative incidence.
    """
    codes = pd.Series(np.asarray(ended_by, dtype=object))
    others = int((codes.notna() & (codes != event) & (codes != censored)).sum())
    if not others:
        return None
    return Beware(
        "competing_events",
        _(
            "{others} cases ended another way. One less the survival curve overstates the share; "
            "use the cumulative incidence.",
            others=others,
        ),
    )


def time_not_at_risk(changed: Mapping[str, int], *, away_removed: bool = True) -> Beware | None:
    """Tell what `following` removed: days not at risk, and episodes that overlap (trap g).

    `changed` and `away_removed` are those of an `AtRisk`. A child who is missing or in custody
    cannot go missing: rates per calendar day favour whoever is away more.

    >>> print(time_not_at_risk({"days_removed": 12, "merged": 1}).text)
    12 days not at risk were removed and 1 overlapping episodes merged.
    """
    days, merged = int(changed.get("days_removed", 0)), int(changed.get("merged", 0))
    if not away_removed:
        return Beware(
            "time_not_at_risk",
            _(
                "{days} days not at risk were removed and {merged} overlapping episodes merged, "
                "but nobody told of time away from home: it still counts as time at risk.",
                days=days,
                merged=merged,
            ),
        )
    if not days and not merged:
        return None
    return Beware(
        "time_not_at_risk",
        _(
            "{days} days not at risk were removed and {merged} overlapping episodes merged.",
            days=days,
            merged=merged,
        ),
    )


def separation(event: ArrayLike, columns: pd.DataFrame) -> Beware | None:
    """Warn where columns tell without fail who had the event, so that no estimate is finite (trap h).

    One item, and one row of `columns` (numbers, 0/1 for levels, no intercept), is one child. An
    ordinary fit then stops somewhere by chance and may say that it has converged. The remedy is
    `logistic`, which turns to Firth's penalty by itself.

    >>> print(separation([0, 0, 0, 1], pd.DataFrame({"age": [11, 15, 9, 16]})).text)
    Separated on age: no ordinary estimate is finite. Use a penalised estimate.

    Source: Albert & Anderson (1984), Biometrika 71:1.
    """
    y = np.asarray(event, dtype=float)
    varies = columns.loc[:, columns.max() > columns.min()]
    if len(np.unique(y)) < 2 or varies.empty:
        return None
    design = np.column_stack([np.ones(len(y)), varies.to_numpy(dtype=float)])
    refuse_collinear(pd.DataFrame(design, columns=["Intercept", *varies]))
    apart = endless(np.where(y == 1, 1, -1)[:, np.newaxis] * design)
    if not apart.any():
        return None
    names = [str(name) for name, is_apart in zip(varies, apart[1:], strict=True) if is_apart]
    return Beware(
        "separation",
        _(
            "Separated on {names}: no ordinary estimate is finite. Use a penalised estimate.",
            names=names,
        ),
    )
