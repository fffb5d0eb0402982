"""One group against another: which pairs are compared, and the figure for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.stats import norm

from evaluation.errors import WrongUse
from evaluation.estimating.limits import WhyNot, two_sided
from evaluation.estimating.survival._rows import Rows, named
from evaluation.language import _
from evaluation.nouns import Estimate


def pairs(rows: Rows, reference: object) -> Iterator[tuple[int, int, Estimate]]:
    """Each other group with the reference (None: the first), and a figure still without numbers.

    A comparison of groups as they are is of level 1; one of groups that were weighted is of 3.
    """
    names = rows.names
    if reference is not None and named(reference) not in names:
        raise WrongUse(
            _(
                "There is no group '{reference}' to compare with; the groups are {names}.",
                reference=named(reference),
                names=", ".join(names),
            )
        )
    base = 0 if reference is None else names.index(named(reference))
    for other, name in enumerate(names):
        if other == base:
            continue
        yield (
            other,
            base,
            Estimate(
                "",
                "",
                "contrast" if len(names) == 2 else f"{name} v {names[base]}",
                children=rows.where(np.isin(rows.group, (base, other))).children,
                design_level=3 if rows.is_weighted else 1,
                unmet=("unmeasured_confounding",),
            ),
        )


def difference(frame: Estimate, one: Estimate, other: Estimate, se: float) -> Estimate:
    """`one` less `other`, with limits from the error of the difference."""
    frame = _framed(frame, one, other, "difference")
    if one.value is None or other.value is None:
        return replace(frame, why_not=one.why_not or other.why_not)
    value = one.value - other.value
    if not se > 0:
        return replace(frame, value=value)
    reach = two_sided(one.confidence) * se
    p = float(2 * norm.sf(abs(value) / se))
    return replace(frame, value=value, low=value - reach, high=value + reach, se=se, p=p)


def ratio(
    frame: Estimate, one: Estimate, other: Estimate, se: float, *, if_none: WhyNot
) -> Estimate:
    """`one` over `other`, with limits from the error of the ratio's logarithm.

    `if_none` is why there is no ratio where `other` is 0.
    """
    frame = _framed(frame, one, other, "ratio")
    if one.value is None or other.value is None:
        return replace(frame, why_not=one.why_not or other.why_not)
    if not other.value:
        return replace(frame, why_not=if_none)
    value = one.value / other.value
    if not (se > 0 and value > 0):
        return replace(frame, value=value)
    shift = float(np.exp(two_sided(one.confidence) * se))
    p = float(2 * norm.sf(abs(np.log(value)) / se))
    return replace(frame, value=value, low=value / shift, high=value * shift, se=se, p=p)


def _framed(frame: Estimate, one: Estimate, other: Estimate, kind: str) -> Estimate:
    return replace(
        frame,
        measure=f"{one.measure}_{kind}",
        days=one.days,
        events=(one.events or 0) + (other.events or 0),
        confidence=one.confidence,
        method=one.method,
    )
