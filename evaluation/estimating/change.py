"""Bands before and after: how many children moved down, stayed and moved up, and what is missing.

A square table has a row for each band before and a column for each band after, in the same
order. `before_after` makes one from each child's two bands and counts those it cannot hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from evaluation.errors import WrongUse
from evaluation.estimating._bands import in_order
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.limits import two_sided
from evaluation.estimating.proportions import wilson
from evaluation.language import _, n_
from evaluation.nouns import Estimate


@dataclass(frozen=True)
class BeforeAfter:
    """Each child's band before and after, as a square table and as those it cannot hold.

    `table` has a row a band before, a column a band after, lowest first. `not_after` are the
    children by their band before whose band after is missing, `not_before` the other way round,
    `neither` those without either.
    """

    table: pd.DataFrame
    not_after: pd.Series
    not_before: pd.Series
    neither: int

    @property
    def children(self) -> int:
        """All of them, with two bands or not."""
        held = int(self.table.to_numpy().sum())
        return held + int(self.not_after.sum()) + int(self.not_before.sum()) + self.neither


def before_after(
    before: ArrayLike | pd.Series, after: ArrayLike | pd.Series, *, order: Sequence[object]
) -> BeforeAfter:
    """Cross the bands of the same children, one item a child, lowest of `order` first.

    Two Series are joined by their index, so that a child who is in one alone counts as missing
    from the other; other values by their place.

    >>> found = before_after(["low", "high", "high"], ["low", "low", None], order=["low", "high"])
    >>> found.table.to_numpy().tolist(), found.not_after.to_dict()
    ([[1, 0], [1, 0]], {'low': 0, 'high': 1})

    Raises WrongUse for a band that `order` does not name, for values of different length, and
    for a child who is there twice.
    """
    one, two = _together(before, after)
    every, first = in_order(one.rename("before"), order)
    _every, second = in_order(two.rename("after"), order)
    bands = len(every)
    there, back = first.notna(), second.notna()
    both = there & back
    table = np.zeros((bands, bands), dtype=int)
    np.add.at(table, (first[both].astype(int), second[both].astype(int)), 1)
    names = pd.Index(every)
    return BeforeAfter(
        table=pd.DataFrame(table, index=names.rename("before"), columns=names.rename("after")),
        not_after=_by_band(first[there & ~back], names),
        not_before=_by_band(second[back & ~there], names),
        neither=int((~there & ~back).sum()),
    )


def change(
    before: ArrayLike | pd.Series,
    after: ArrayLike | pd.Series,
    *,
    order: Sequence[object],
    confidence: float = 0.95,
) -> Found:
    """The shares of children who moved down, stayed and moved up, with Wilson's limits.

    Of the children with both bands: groups 'down', 'same' and 'up'. Those without a second band
    are counted ('not_reassessed', of all who had a first), never dropped in silence: they may
    well differ, and `change_bounds` says what they could make of it. `model` is `before_after`.

    >>> found = change(["low", "high", "high"], ["low", "low", None], order=["low", "high"])
    >>> [(row.group, row.children, row.of) for row in found]
    [('down', 1, 2), ('same', 1, 2), ('up', 0, 2), ('not_reassessed', 1, 3)]
    >>> print(found.beware[0].text)
    1 child has no second band; see how far that could move the result.

    A change without a comparison group (Maryland level 2) is no effect: children are assessed
    when they are at their worst. Raises WrongUse as `before_after`.
    """
    two_sided(confidence)
    found = before_after(before, after, order=order)
    held = found.table.to_numpy()
    both, missing = int(held.sum()), int(found.not_after.sum())
    moved = {
        "down": (int(np.tril(held, -1).sum()), both),
        "same": (int(np.trace(held)), both),
        "up": (int(np.triu(held, 1).sum()), both),
        "not_reassessed": (missing, both + missing),
    }
    unmet = ("regression_to_the_mean", *(["missing_second_band"] if missing else []))
    return Found(
        estimates=tuple(
            row
            for group, (part, of) in moved.items()
            for row in wilson(part, of, confidence=confidence).placed(
                "", group=group, design_level=2, unmet=unmet
            )
        ),
        model=found,
        beware=_missing(found),
    )


def change_bounds(
    before: ArrayLike | pd.Series,
    after: ArrayLike | pd.Series,
    *,
    order: Sequence[object],
    confidence: float = 0.95,
) -> Found:
    """The least and the greatest share who moved down, stayed or moved up, whatever is missing.

    Of all children: 'lowest_share' if none of those with a band missing moved that way, and
    'highest_share' if all of them did who could (from the lowest band nobody moves down). Each
    has Wilson's limits; the truth lies between the lower limit of one and the upper of the other.

    >>> found = change_bounds(["low", "high", "high"], ["low", "low", None], order=["low", "high"])
    >>> [(row.measure, row.group, row.children) for row in found][:2]
    [('lowest_share', 'down', 1), ('highest_share', 'down', 2)]

    Source: Manski (1989), J Hum Resour 24:343. Raises WrongUse as `before_after`.
    """
    two_sided(confidence)
    found = before_after(before, after, order=order)
    held, lacking = found.table.to_numpy(), found.neither
    after_, before_ = found.not_after.to_numpy(), found.not_before.to_numpy()
    several = len(held) > 1
    could = {
        "down": int(after_[1:].sum() + before_[:-1].sum()) + lacking * several,
        "same": int(after_.sum() + before_.sum()) + lacking,
        "up": int(after_[:-1].sum() + before_[1:].sum()) + lacking * several,
    }
    did = {
        "down": int(np.tril(held, -1).sum()),
        "same": int(np.trace(held)),
        "up": int(np.triu(held, 1).sum()),
    }
    rows: list[Estimate] = []
    for group, certain in did.items():
        for measure, part in (
            ("lowest_share", certain),
            ("highest_share", certain + could[group]),
        ):
            rows += wilson(part, found.children, confidence=confidence).placed(
                "", measure=measure, group=group, design_level=2, unmet=("regression_to_the_mean",)
            )
    return Found(estimates=tuple(rows), model=found, beware=_missing(found))


def _together(
    before: ArrayLike | pd.Series, after: ArrayLike | pd.Series
) -> tuple[pd.Series, pd.Series]:
    both: list[pd.Series] = []
    for values in (before, after):
        is_series = isinstance(values, pd.Series)
        both.append(values if is_series else pd.Series(list(values), dtype=object))  # type: ignore[arg-type]
    one, two = both
    if isinstance(before, pd.Series) and isinstance(after, pd.Series):
        if not (one.index.is_unique and two.index.is_unique):
            if one.index.equals(two.index):
                return one.reset_index(drop=True), two.reset_index(drop=True)
            raise WrongUse(_("Bands before and after are joined by index: each child once."))
        every = one.index.union(two.index, sort=False)
        return one.reindex(every), two.reindex(every)
    if len(one) != len(two):
        raise WrongUse(
            _(
                "There are {before} bands before and {after} after: give one a child, missing "
                "where there is none.",
                before=len(one),
                after=len(two),
            )
        )
    return one.reset_index(drop=True), two.reset_index(drop=True)


def _by_band(places: pd.Series, names: pd.Index[Any]) -> pd.Series:
    found = np.bincount(places.astype(int), minlength=len(names))
    return pd.Series(found, index=names)


def _missing(found: BeforeAfter) -> tuple[Beware, ...]:
    after = int(found.not_after.sum())
    before = int(found.not_before.sum()) + found.neither
    said = []
    if after:
        said.append(
            Beware(
                "missing_second_band",
                n_(
                    "{count} child has no second band; see how far that could move the result.",
                    "{count} children have no second band; see how far that could move the result.",
                    after,
                ),
            )
        )
    if before:
        said.append(
            Beware(
                "missing_first_band",
                n_(
                    "{count} child has no first band, and no change can be told.",
                    "{count} children have no first band, and no change can be told.",
                    before,
                ),
            )
        )
    return tuple(said)
