"""What is told of weights: balance, overlap, and how many children they leave; and the warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.estimating.balance import (
    BY_COVARIATE,
    IMBALANCED,
    Estimand,
    effective_sample_size,
)
from evaluation.estimating.design import Dropped
from evaluation.estimating.found import Beware
from evaluation.language import _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FEW_EFFECTIVE = 20
"""Fewer weighted children than this are worth leave the result to a handful of them."""

OUTSIDE = 0.05
"""More children than this share beyond the scores of the other arm are warned of."""

LARGE_WEIGHT = 10


def told(
    table: pd.DataFrame,
    score: Floats,
    weight: Floats,
    is_treated: Flags,
    *,
    outside: Flags,
    truncated: Flags,
) -> tuple[Estimate, ...]:
    """Balance by covariate, then overlap and weights by arm, as figures.

    What has no meaning for a covariate (the variance ratio of a 0/1 column) has no figure.
    """
    covariates = [
        Estimate(
            "", measure, row["covariate"], children=len(score), method="propensity", value=value
        )
        for row in table.to_dict("records")
        for measure in BY_COVARIATE
        if np.isfinite(value := float(row[measure]))
    ]
    arms = [
        row
        for group, arm in (("treated", is_treated), ("comparison", ~is_treated))
        for row in _of_arm(group, score[arm], weight[arm], outside[arm], truncated[arm])
    ]
    return (*covariates, *arms)


def _of_arm(
    group: str, score: Floats, weight: Floats, outside: Flags, truncated: Flags
) -> Iterator[Estimate]:
    own = partial(Estimate, "", group=group, method="propensity", of=len(score))
    everyone = partial(own, children=len(score))
    yield everyone(measure="effective_children", value=effective_sample_size(weight))
    yield everyone(measure="lowest_score", value=float(score.min()))
    yield everyone(measure="highest_score", value=float(score.max()))
    yield everyone(measure="largest_weight_share", value=float(weight.max() / weight.sum()))
    for measure, those in (
        ("outside_common_support", outside),
        ("weights_above_10", weight > LARGE_WEIGHT),
        ("weights_truncated", truncated),
    ):
        yield own(measure=measure, children=int(those.sum()), value=float(those.mean()))


def threats(
    table: pd.DataFrame,
    weight: Floats,
    is_treated: Flags,
    outside: Flags,
    dropped: Sequence[Dropped],
    *,
    estimand: Estimand,
) -> tuple[Beware, ...]:
    """What the weights could not mend: no_overlap, imbalance, few_children, covariates_left_out."""
    found = []
    # Where only those treated are asked about, others like none of them do no harm.
    asked = is_treated if estimand == "att" else np.ones_like(is_treated)
    if estimand != "ato" and outside[asked].mean() > OUTSIDE:
        found.append(
            Beware(
                "no_overlap",
                _(
                    "{outside} of {children} children have a chance of being treated that no child "
                    "of the other arm has. For them there is nobody to compare with.",
                    outside=int(outside[asked].sum()),
                    children=int(asked.sum()),
                ),
            )
        )
    after = table["smd_after"].astype(float).abs().fillna(0.0).to_numpy()
    if after.max(initial=0) > IMBALANCED:
        found.append(
            Beware(
                "imbalance",
                _(
                    "After weighting the arms still differ, most of all in {covariate}: by {smd} "
                    "standard deviations.",
                    covariate=str(table["covariate"].iloc[int(after.argmax())]),
                    smd=round(float(after.max()), 2),
                ),
            )
        )
    effective, children = min(
        (effective_sample_size(weight[arm]), int(arm.sum())) for arm in (is_treated, ~is_treated)
    )
    if effective < FEW_EFFECTIVE:
        found.append(
            Beware(
                "few_children",
                _(
                    "After weighting the {children} children of an arm are worth {effective}, so "
                    "one child can move the result.",
                    children=children,
                    effective=round(effective, 1),
                ),
            )
        )
    left_out = [each.covariate for each in dropped if each.why in ("too_few_events", "separation")]
    if left_out:
        found.append(
            Beware(
                "covariates_left_out",
                _(
                    "The arms are not made alike in {covariates}: there are too few children for "
                    "so many covariates, or a covariate separates the arms.",
                    covariates=", ".join(left_out),
                ),
            )
        )
    return tuple(found)
