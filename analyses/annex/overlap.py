"""Whom there is to compare with: chances of referral in both arms, and what the weights leave."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np

from analyses.plan import Plan
from analyses.quarterly.alike import ARMS, figure
from evaluation.estimating.weighting import Propensity
from evaluation.nouns import Estimate

EDGES = tuple(tenth / 10 for tenth in range(11))
"""Where the bands of the chance of being referred begin and end."""

OF_ARM = ("outside_common_support", "largest_weight_share", "weights_above_10")


def bands() -> tuple[str, ...]:
    """The bands by name, '0.3-0.4', lowest first; a chance on an edge is of the band above."""
    return tuple(f"{low:g}-{high:g}" for low, high in pairwise(EDGES))


def figures(alike: Propensity, plan: Plan) -> list[Estimate]:
    """Of each arm: the share of its children in each band, and how the weights are spread.

    score_band               the share in a band of the chance of being referred; `group` is
                             'referred/0.3-0.4'
    outside_common_support   the share whose chance nobody of the other arm has
    largest_weight_share     the part of the arm's weight that its heaviest child has
    weights_above_10         the share of children who count more than ten times
    effective_referred       how many unweighted children those referred are worth
    """
    own = partial(figure, outcome=plan.outcome, days=plan.window_days)
    told = []
    for arm, side in ARMS.items():
        scores = alike.children.loc[alike.children["arm"] == arm, "score"].to_numpy()
        held = np.clip(np.searchsorted(EDGES, scores, side="right") - 1, 0, len(EDGES) - 2)
        for place, band in enumerate(bands()):
            inside = int((held == place).sum())
            told.append(
                own(measure="score_band", group=f"{arm}/{band}", children=inside, of=len(scores),
                    value=inside / len(scores))
            )  # fmt: skip
        for measure in OF_ARM:
            one = alike.one(measure, side)
            told.append(
                own(measure=measure, group=arm, children=one.children, of=one.of, value=one.value)
            )
    told.append(
        own(measure="effective_referred", group="referred", children=int(alike.is_treated.sum()),
            value=alike.effective_treated)
    )  # fmt: skip
    return told
