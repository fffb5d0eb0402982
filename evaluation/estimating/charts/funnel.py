"""A funnel: many places at one time, each against what its size leaves to chance. Never ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from evaluation.errors import WrongUse
from evaluation.estimating.charts.exact import Kind, p_value
from evaluation.estimating.charts.phases import numbers
from evaluation.estimating.charts.room import Room, Scale, Scaled, Spread, room_for
from evaluation.estimating.found import Beware, Found
from evaluation.language import Text, _
from evaluation.nouns import Estimate

Floats = NDArray[np.float64]

LEVELS = {"95": 0.95, "998": 0.998}
"""Two and three standard deviations: for attention, and for alarm."""

FEW = 5
"""With fewer events expected, the upper limits are passed more often than they say."""


@dataclass(frozen=True, kw_only=True)
class Funnel(Found):
    """A funnel. One row of `points` is one place, in the order given, under its name.

    value, size           events over size (`per` so many), and the size itself
    centre                what is expected of all: the target
    low_95, high_95       limits that a place passes by chance 1 time in 20 …
    low_998, high_998     … and 1 time in 500
    low, high             those of 99.8%, as in a control chart
    z                     how far from the centre, in standard deviations
    marks                 '', 'outside_95' or 'outside_998'
    """

    points: pd.DataFrame = field(repr=False, compare=False)
    room: Room = field(repr=False)
    per: float

    @property
    def phi(self) -> float:
        """The dispersion: 1 where chance is all there is."""
        return self.room.phi

    @property
    def tau(self) -> float:
        """The standard deviation between places beyond chance, on the scale of the limits."""
        return self.room.tau

    def curve(self, sizes: ArrayLike) -> pd.DataFrame:
        """The limits at any sizes (whole ones of a proportion), to draw by; one row is one size."""
        size = np.asarray(sizes, dtype=float)
        whole = self.room.scaled.kind == "proportion"
        return _curve(np.round(size) if whole else size, self.room, self.per)


def funnel(
    events: pd.Series | ArrayLike,
    size: pd.Series | ArrayLike,
    *,
    kind: Kind,
    names: Sequence[str] | None = None,
    target: float | None = None,
    per: float = 1.0,
    spread: Spread = "chance",
    scale: Scale = "root",
    winsorise: float = 0.1,
) -> Funnel:
    """Lay limits round what is expected of every place, wide for small ones, narrow for large.

    One point is one place or provider. `kind` says what `size` is: of a 'proportion' the
    children that `events` are a part of; of a 'rate' the exposure, such as child-days; of a
    'ratio' the events expected of the place after standardisation. `target` is the value
    expected of all (before `per`): all events over all sizes, for a ratio 1.

    `spread='chance'` gives the exact limits of the binomial or Poisson law. Where places differ by
    more than chance for reasons that nobody measured, nearly all large ones would lie outside:
    'additive' adds a variance between places (DerSimonian and Laird's tau squared), and
    'multiplicative' multiplies the variance by phi; both come from z values whose outer tenths
    (`winsorise`) are drawn in, so that true outliers do not widen the limits that are to show
    them. That takes some true spread for outliers: where places differ by nothing else, 11% of
    them lie outside the 95% limits, and with `winsorise=0` 4%. phi is used only where it exceeds 1 + 2 sqrt(2 / places), as Spiegelhalter advises.
    These limits are normal ones on `scale`: 'root' (arcsine of the root for a proportion, else
    the root), 'plain' (as in the paper of 2005) or 'log' (not for a proportion).

    The points stay in the order given and have no rank: most of a league table is chance.

    >>> found = funnel(
    ...     [12, 30, 41], [40, 90, 80], kind="proportion", names=["Ash", "Beech", "Cedar"]
    ... )
    >>> found.points.loc["Cedar", ["low_95", "high_95"]].astype(float).round(3).tolist()
    [0.283, 0.498]
    >>> found.points["marks"].tolist()
    ['', '', 'outside_95']

    Each place's estimate holds its value and p (twice the smaller exact tail; with a spread, that
    of the widened z). Where few events are expected the law is coarse: then the upper limits are
    passed by chance more, and the lower ones less often than they say.

    Raises WrongUse where a number is missing or negative, a size is not above 0, or events are
    not a part of a proportion's size.
    Source: Spiegelhalter (2005), Stat Med 24:1185; the same (2005), Qual Saf Health Care 14:347,
    for the winsorised phi and tau; Spiegelhalter et al. (2012), J R Stat Soc A 175:1, for the root.
    """
    counts, sizes = numbers(events, "events"), numbers(size, "sizes")
    if wrong := _wrong(counts, sizes, kind=kind, spread=spread, scale=scale, winsorise=winsorise):
        raise WrongUse(wrong)
    index = _names(events, size, names, len(counts))
    r, n = counts.to_numpy(), sizes.to_numpy()
    usual = 1.0 if kind == "ratio" else float(r.sum() / n.sum())
    scaled = Scaled(kind, scale, float(usual if target is None else target))
    if not 0 < scaled.target < (1 if kind == "proportion" else np.inf):
        raise WrongUse(
            _("The target of a funnel must lie above 0, and a proportion's below 1. Give `target`.")
        )
    room = room_for(r, n, scaled, spread=spread, winsorise=winsorise)
    z = room.z(r, n)
    chance = p_value(r, n, scaled.target, kind=kind)
    p = chance if spread == "chance" else 2 * norm.sf(np.abs(z))
    points = _curve(n, room, per).set_index(index).assign(value=per * r / n, z=z)
    points = points.assign(low=points["low_998"], high=points["high_998"], marks=_marks(points))
    points = points[["value", "size", "centre", "low", "high",
                     "low_95", "high_95", "low_998", "high_998", "z", "marks"]]  # fmt: skip
    return Funnel(
        estimates=_estimates(points, r, p, room),
        beware=_beware(n, room),
        points=points,
        room=room,
        per=per,
    )


def _curve(size: Floats, room: Room, per: float) -> pd.DataFrame:
    columns = {"size": size, "centre": np.full(len(size), per * room.scaled.target)}
    for name, level in LEVELS.items():
        low, high = room.limits(size, level)
        columns |= {f"low_{name}": per * low, f"high_{name}": per * high}
    return pd.DataFrame(columns)


def _marks(points: pd.DataFrame) -> list[str]:
    value = points["value"]
    marks = [""] * len(points)
    for name in LEVELS:
        outside = (value < points[f"low_{name}"]) | (value > points[f"high_{name}"])
        marks = [
            f"outside_{name}" if is_out else mark
            for mark, is_out in zip(marks, outside, strict=True)
        ]
    return marks


def _estimates(points: pd.DataFrame, events: Floats, p: Floats, room: Room) -> tuple[Estimate, ...]:
    kind, method = room.scaled.kind, f"funnel_{room.spread}"
    measure = {"proportion": "share", "rate": "rate", "ratio": "standardised_ratio"}[kind]
    places = [
        Estimate(
            "",
            measure,
            str(name),
            of=int(size) if kind == "proportion" else None,
            events=int(count),
            value=float(value),
            p=float(probability),
            method=method,
            design_level=1,
            unmet=("unmeasured_confounding",),
        )
        for name, size, value, count, probability in zip(
            points.index, points["size"], points["value"], events, p, strict=True
        )
    ]
    whole = {
        "centre": float(points["centre"].iloc[0]),
        "dispersion": room.phi,
        "spread_between": room.tau,
        "points_outside_95": float((points["marks"] != "").sum()),
        "points_outside_998": float((points["marks"] == "outside_998").sum()),
    }
    return (
        *places,
        *(
            Estimate("", name, unit="records", of=len(points), value=value, method=method)
            for name, value in whole.items()
        ),
    )


def _beware(size: Floats, room: Room) -> tuple[Beware, ...]:
    told = []
    if few := int((size * room.scaled.target < FEW).sum()):
        words = _(
            "Fewer than {events} events are expected of {places} of the places. Their upper limits "
            "are passed by chance more often than they say.",
            events=FEW,
            places=few,
        )
        told.append(Beware("few_events", words))
    if room.spread == "chance" and room.is_overdispersed:
        words = _(
            "Places differ by more than chance (dispersion {phi}), and these limits allow for "
            "chance alone. Ask for spread='additive'.",
            phi=round(room.phi, 2),
        )
        told.append(Beware("overdispersion", words))
    return tuple(told)


def _names(events: object, size: object, names: Sequence[str] | None, places: int) -> pd.Index:
    if names is not None:
        if len(names) != places:
            raise WrongUse(
                _("There are {names} names for {places} places.", names=len(names), places=places)
            )
        return pd.Index(list(names))
    for given in (events, size):
        if isinstance(given, pd.Series):
            return given.index
    return pd.RangeIndex(places)


def _wrong(
    events: pd.Series,
    size: pd.Series,
    *,
    kind: Kind,
    spread: Spread,
    scale: Scale,
    winsorise: float,
) -> Text | None:
    """What is wrong with what was given, or None."""
    if kind not in {"proportion", "rate", "ratio"}:
        return _("A funnel is of a 'proportion', a 'rate' or a 'ratio'.")
    if spread not in {"chance", "additive", "multiplicative"}:
        return _("A funnel's spread is 'chance', 'additive' or 'multiplicative'.")
    if scale not in {"root", "plain", "log"} or (scale == "log" and kind == "proportion"):
        return _("A funnel's scale is 'root' or 'plain'; 'log' is for rates and ratios.")
    if not 0 <= winsorise < 0.5:
        return _("`winsorise` is the share of each end that is drawn in, below 0.5.")
    if len(events) != len(size) or not len(events):
        return _("A funnel needs the events and the size of each place, one or more.")
    r, n = events.to_numpy(), size.to_numpy()
    if (r < 0).any() or (n <= 0).any() or (kind == "proportion" and (r > n).any()):
        return _(
            "Events cannot be fewer than 0, sizes must be above 0, and a proportion's events are a "
            "part of its size. Leave out places without children."
        )
    if (r != np.round(r)).any() or (kind == "proportion" and (n != np.round(n)).any()):
        return _("Events are counted in whole numbers, and so are a proportion's children.")
    if scale == "log" and (r == 0).any():
        return _("A place without events has no logarithm: take scale='root'.")
    return None
