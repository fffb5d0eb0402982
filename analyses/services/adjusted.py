"""The share engaged in each group if its children were otherwise like all the service's children."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from evaluation.estimating.logistic import Logistic, logistic
from evaluation.nouns import Estimate

ADJUSTERS = ("age_band", "sex", "local_authority")
"""What groups are made alike in, most important first."""

FEWEST_IN_A_GROUP = 8
"""Children of a group, below which it has no figure of its own and is pooled."""

EVENTS_PER_PARAMETER = 5
"""Children of the rarer outcome for each parameter of the model, as in the plan."""

_FEW = "_few"


def adjusted(children: pd.DataFrame, dimension: str, groups: tuple[str, ...]) -> list[Estimate]:
    """Adjusted shares of a dimension's groups, and their differences from the largest group.

    One row of `children` is one child: engaged, and its group in each dimension. A logistic
    model of the dimension and as many of ADJUSTERS as leave five children of the rarer outcome
    for each parameter; where it is separated, Firth's. The share of a group is the mean of what
    it expects of all the children if they were of that group (g-computation).

    Groups of fewer than 8 children have no value ('too_few_children') and stand in the model as
    one. What could not be adjusted for is told by `unmet` 'covariates_left_out'.
    """
    sizes = children[dimension].value_counts().reindex(groups, fill_value=0)
    had = children.loc[children["engaged"], dimension].value_counts().reindex(groups, fill_value=0)
    large = [group for group in groups if sizes[group] >= FEWEST_IN_A_GROUP]
    bare = {
        group: Estimate(
            "",
            "engaged_adjusted",
            group,
            children=int(had[group]),
            of=int(sizes[group]),
            design_level=1,
            why_not="no_comparison" if group in large else "too_few_children",
        )
        for group in groups
    }
    if len(large) < 2:
        return _both(bare, None)
    # Of the largest groups the first in the code list: ties must not hang on the rows' order.
    reference = max(large, key=lambda group: (sizes[group], -groups.index(group)))
    fit, left_out = _fitted(children, dimension)
    if fit is None:
        few = {group: replace(one, why_not=_why_not(one, children)) for group, one in bare.items()}
        return _both(few, reference)
    shares, differences = dict(bare), {}
    method = "firth_standardised" if fit.penalised else "logistic_standardised"
    for group in large:
        against = reference if group != reference else next(one for one in large if one != group)
        found = fit.risks(dimension, group, against)
        unmet = tuple(dict.fromkeys((*found.estimates[0].unmet, *left_out)))
        shares[group] = replace(
            found.one("risk", group),
            measure="engaged_adjusted",
            method=method,
            design_level=1,
            children=bare[group].children,
            of=bare[group].of,
            events=None,
            unmet=unmet,
        )
        if group != reference:
            differences[group] = replace(
                found.one("risk_difference"),
                measure="engaged_difference",
                group=group,
                method=method,
                design_level=1,
                children=int(sizes[[group, reference]].sum()),
                events=None,
                unmet=unmet,
            )
    return _both(shares, reference, differences)


def _fitted(children: pd.DataFrame, dimension: str) -> tuple[Logistic | None, tuple[str, ...]]:
    """The model with what it has room for; None where it has none for the dimension itself."""
    rows = pd.DataFrame(
        {name: _pooled(children[name]) for name in dict.fromkeys((dimension, *ADJUSTERS))}
    ).assign(engaged=children["engaged"].astype(int))
    room = min(rows["engaged"].sum(), (1 - rows["engaged"]).sum()) // EVENTS_PER_PARAMETER
    parameters = rows[dimension].nunique()
    if parameters > room:
        return None, ()
    taken, left_out = [dimension], False
    for name in ADJUSTERS:
        levels = rows[name].nunique() - 1
        if name == dimension or levels < 1:
            continue
        if parameters + levels > room or _says_the_same(rows, [*taken, name]):
            left_out = True
            continue
        taken.append(name)
        parameters += levels
    fit = logistic(f"engaged ~ {' + '.join(taken)}", rows)
    return fit, ("covariates_left_out",) * left_out


def _pooled(column: pd.Series) -> pd.Series:
    """A column's groups, those of too few children as one; or with the largest, if still too few."""
    held = column.astype(object).fillna("blank")
    sizes = held.value_counts()
    small = sizes.index[sizes < FEWEST_IN_A_GROUP]
    if not len(small):
        return held
    into = _FEW if sizes[small].sum() >= FEWEST_IN_A_GROUP else sizes.index[0]
    return held.mask(held.isin(small), into)


def _says_the_same(rows: pd.DataFrame, names: list[str]) -> bool:
    """Whether a column's groups are told by the other columns already, such as 'blank' in both."""
    made = pd.get_dummies(rows[names], drop_first=True, dtype=float).assign(one=1.0)
    return bool(np.linalg.matrix_rank(made.to_numpy()) < made.shape[1])


def _why_not(one: Estimate, children: pd.DataFrame) -> str | None:
    if one.why_not == "too_few_children":
        return one.why_not
    return "no_variation" if children["engaged"].nunique() < 2 else "too_few_children"


def _both(
    shares: dict[str, Estimate],
    reference: str | None,
    differences: dict[str, Estimate] | None = None,
) -> list[Estimate]:
    """Shares, then differences; a group without one has the reason of its share."""
    told = differences or {}
    without = {
        group: replace(
            one,
            measure="engaged_difference",
            children=one.of,
            of=None,
            value=None,
            low=None,
            high=None,
            se=None,
            p=None,
            why_not="no_comparison" if group == reference else one.why_not,
        )
        for group, one in shares.items()
    }
    return [*shares.values(), *(told.get(group, one) for group, one in without.items())]
