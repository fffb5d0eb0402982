"""How the chance of being treated becomes a weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating.balance import Estimand
from evaluation.language import _

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Whose effect the weights are for, and what is done to them.

    `weights` makes them for many draws of children at once: a row a draw, a column a child.

    >>> score, is_treated = np.array([[0.8, 0.2]]), np.array([True, False])
    >>> Recipe("att").weights(score, is_treated, np.ones((1, 2))).tolist()
    [[1.0, 0.25]]
    >>> Recipe("ate").weights(score, is_treated, np.ones((1, 2))).tolist()
    [[1.25, 1.25]]

    Raises WrongUse where the estimand has no such name, or `truncate` is no share.
    """

    estimand: Estimand = "att"
    stabilised: bool = False
    truncate: float | None = None

    def __post_init__(self) -> None:
        if self.estimand not in ("att", "ate", "ato"):
            raise WrongUse(
                _(
                    "There are no weights called {estimand}. Take 'att' (those treated), 'ate' "
                    "(all children) or 'ato' (those who might have gone either way).",
                    estimand=repr(self.estimand),
                )
            )
        if self.truncate is not None and not 0.5 <= self.truncate < 1:
            raise WrongUse(
                _("`truncate` is the share of weights to be left as they are, such as 0.99.")
            )

    def weights(self, score: Floats, is_treated: Flags, drawn: Floats) -> Floats:
        """A weight for each score; `drawn` says how often each child is there."""
        whole = self.whole(score, is_treated, drawn)
        if self.truncate is None:
            return whole
        among = ~is_treated if self.estimand == "att" else np.ones_like(is_treated)
        largest = _quantile(whole[:, among], drawn[:, among], self.truncate)
        return np.where(among, np.minimum(whole, largest[:, np.newaxis]), whole)

    def whole(self, score: Floats, is_treated: Flags, drawn: Floats) -> Floats:
        """The weights before any is truncated."""
        if self.estimand == "att":
            weight = np.where(is_treated, 1.0, score / np.where(is_treated, 1.0, 1 - score))
        elif self.estimand == "ate":
            weight = 1 / np.where(is_treated, score, 1 - score)
        else:
            weight = np.where(is_treated, 1 - score, score)
        if not self.stabilised:
            return weight
        share = drawn[:, is_treated].sum(axis=1, keepdims=True) / drawn.sum(axis=1, keepdims=True)
        if self.estimand == "att":
            return np.where(is_treated, weight, weight * (1 - share) / share)
        return np.asarray(weight * np.where(is_treated, share, 1 - share))

    def slope(self, score: Floats, is_treated: Flags) -> Floats:
        """How the logarithm of each weight moves with the logit of its score."""
        if self.estimand == "att":
            return np.where(is_treated, 0.0, 1.0)
        if self.estimand == "ate":
            return np.where(is_treated, score - 1, score)
        return np.where(is_treated, -score, 1 - score)

    def tilt(self, score: Floats, is_treated: Flags) -> tuple[Floats, Floats]:
        """How much each child counts among those whose effect it is, and how that moves."""
        if self.estimand == "att":
            return is_treated.astype(float), np.zeros_like(score)
        if self.estimand == "ate":
            return np.ones_like(score), np.zeros_like(score)
        spread = score * (1 - score)
        return spread, spread * (1 - 2 * score)


def _quantile(values: Floats, times: Floats, share: float) -> Floats:
    """Of each row the quantile that R gives by default, each value there so many times."""
    order = np.argsort(values, axis=1)
    ordered = np.take_along_axis(values, order, axis=1)
    reached = np.cumsum(np.take_along_axis(times, order, axis=1), axis=1)
    place = share * (reached[:, -1] - 1)
    below, above = np.floor(place), np.ceil(place)
    rows = np.arange(len(values))

    def at(rank: Floats) -> Floats:
        return np.asarray(ordered[rows, (reached <= rank[:, np.newaxis]).sum(axis=1)])

    return np.asarray(at(below) + (place - below) * (at(above) - at(below)))
