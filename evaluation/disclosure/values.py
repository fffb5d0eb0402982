"""What a published value tells of the counts beside it, beyond their own rounding.

A share of a model (drawn towards the mean, of a curve) is no quotient of the counts that it
stands beside, but goes with them: 70% of children who are told as 85 of 115 cannot be of every
pair that is rounded so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from evaluation.disclosure.arms import Arms
from evaluation.disclosure.grids import is_of_events, is_plain, on_grid
from evaluation.disclosure.knowing import is_curve, is_of_no_child
from evaluation.disclosure.policy import SCALES, Policy
from evaluation.disclosure.relations import Cell, cell
from evaluation.nouns import Estimate, Figure

_LIMITS = ("value", "low", "high")
_OF_EACH_CHILD = {"logistic_standardised"}
"""Methods that move a share by what is known of each child, which no reader knows."""
_NEAR = 1e-6
"""How near the ends of what is printed alike are found."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part is no less of the whole than `low`, and no more than `high`: shares of 0 to 1."""

    part: Cell
    of: Cell
    low: float
    high: float

    @property
    def cells(self) -> tuple[Cell, Cell]:
        """Both counts that it is of."""
        return self.part, self.of


def windows(
    estimate: Estimate, figure: Figure, policy: Policy, arms: Arms, at: str = ""
) -> Iterator[Window]:
    """What a figure's value and each of its limits tell of the share that its counts make.

    The reader is taken to know by how much the model moved the share, and how far the limits are
    from it: more than any reader can, but for a model of these counts alone. What is worked out
    from the rounded counts tells nothing.
    """
    halves = _halves(estimate)
    if figure.withheld is not None or figure.value is None or halves is None:
        return
    part, of = (getattr(estimate, name) for name in halves)
    if not of or is_plain(estimate) or estimate.method in _OF_EACH_CHILD:
        return
    scale = SCALES.get(estimate.measure, "share")
    share = 1 - part / of if is_curve(estimate) else part / of
    for number, name in enumerate(_LIMITS):
        exact = getattr(estimate, name)
        if exact is None or (name == "value" and is_of_events(estimate)):
            continue

        def printed(value: float, name: str = name, number: int = number) -> float | None:
            moved = replace(estimate, **{name: value})  # type: ignore[arg-type]
            return on_grid(moved, scale, policy, arms)[number]

        low, high = (end - (exact - share) for end in _alike(printed, exact))
        if is_curve(estimate):
            low, high = 1 - high, 1 - low
        yield Window(
            cell(estimate, halves[0], at), cell(estimate, halves[1], at), max(low, 0), min(high, 1)
        )


def _halves(estimate: Estimate) -> tuple[str, str] | None:
    """The counts whose quotient a share goes with; of a curve, those no longer free of the event."""
    if SCALES.get(estimate.measure, "share") not in {"share", "curve", "filled"}:
        return None
    if is_of_no_child(estimate):
        return None
    if is_curve(estimate) or estimate.unit == "records":
        names = "events", "of"
    elif estimate.of is not None:
        names = "children", "of"
    else:
        names = "events", "children"
    return names if all(getattr(estimate, name) is not None for name in names) else None


def _alike(printed: Callable[[float], float | None], exact: float) -> tuple[float, float]:
    """The least and the greatest share that is printed as the exact one is."""
    same = printed(exact)

    def end(inside: float, outside: float) -> float:
        if printed(outside) == same:
            return outside
        while abs(outside - inside) > _NEAR:
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if printed(middle) == same else (inside, middle)
        return outside

    return end(exact, 0.0), end(exact, 1.0)
