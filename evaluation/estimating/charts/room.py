"""How much room a funnel leaves: for chance alone, or for places that differ for other reasons too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from evaluation.estimating.charts.exact import Kind, count_at

Floats = NDArray[np.float64]
Spread = Literal["chance", "additive", "multiplicative"]
Scale = Literal["root", "plain", "log"]


@dataclass(frozen=True, slots=True)
class Scaled:
    """The scale on which values of a kind lie about a target with a known standard error.

    >>> Scaled("ratio", "log", 1.0).error(np.array([100.0])).item()
    0.1
    """

    kind: Kind
    scale: Scale
    target: float

    def on(self, value: Floats) -> Floats:
        if self.scale == "plain":
            return value
        if self.scale == "log":
            with np.errstate(divide="ignore"):
                return np.asarray(np.log(value))
        root = np.sqrt(value)
        return np.asarray(np.arcsin(root) if self.kind == "proportion" else root)

    def back(self, value: Floats) -> Floats:
        if self.scale == "plain":
            return value
        if self.scale == "log":
            return np.asarray(np.exp(value))
        if self.kind == "proportion":
            return np.asarray(np.sin(np.clip(value, 0, np.pi / 2)) ** 2)
        return np.asarray(np.maximum(value, 0) ** 2)

    def error(self, size: Floats) -> Floats:
        """The standard error that chance alone gives."""
        if self.scale == "root":
            return np.asarray(1 / (2 * np.sqrt(size)))
        left = 1 - self.target if self.kind == "proportion" else 1.0
        plain = np.sqrt(self.target * left / size)
        return np.asarray(plain / self.target if self.scale == "log" else plain)

    def distance(self, events: Floats, size: Floats) -> Floats:
        """How far the values lie from the target."""
        return self.on(events / size) - self.on(np.asarray(self.target))


@dataclass(frozen=True, slots=True)
class Room:
    """The limits of a funnel at any size; `phi` and `tau` as `Funnel` tells them.

    >>> room = room_for(
    ...     np.array([5.0, 30, 9]), np.array([10.0, 20, 15]), Scaled("ratio", "root", 1.0),
    ...     spread="additive", winsorise=0.0,
    ... )
    >>> round(room.phi, 2), round(room.tau, 2)
    (3.51, 0.27)
    """

    scaled: Scaled
    spread: Spread
    phi: float
    tau: float
    places: int

    @property
    def is_overdispersed(self) -> bool:
        """Whether phi is more than chance makes it."""
        return self.phi > 1 + 2 * float(np.sqrt(2 / self.places))

    def error(self, size: Floats) -> Floats:
        """The standard error with all that the spread allows for."""
        error = self.scaled.error(size)
        if self.spread == "additive":
            return np.asarray(np.hypot(error, self.tau))
        if self.spread == "multiplicative" and self.is_overdispersed:
            return np.asarray(error * np.sqrt(self.phi))
        return error

    def z(self, events: Floats, size: Floats) -> Floats:
        return self.scaled.distance(events, size) / self.error(size)

    def limits(self, size: Floats, level: float) -> tuple[Floats, Floats]:
        """What lies below and above by chance (1 - level) / 2 of the time each."""
        ends = [self._at(tail, size) for tail in ((1 - level) / 2, (1 + level) / 2)]
        most = 1.0 if self.scaled.kind == "proportion" else np.inf
        low, high = (np.clip(end, 0.0, most) for end in ends)
        return low, high

    def _at(self, probability: float, size: Floats) -> Floats:
        scaled = self.scaled
        if self.spread == "chance":
            return count_at(probability, size, scaled.target, kind=scaled.kind) / size
        middle = scaled.on(np.asarray(scaled.target))
        return scaled.back(middle + norm.ppf(probability) * self.error(size))


def room_for(
    events: Floats, size: Floats, scaled: Scaled, *, spread: Spread, winsorise: float
) -> Room:
    """phi, the mean of the winsorised z squared, and tau by the method of moments."""
    error = scaled.error(size)
    z = scaled.distance(events, size) / error
    z = np.clip(z, *np.quantile(z, [winsorise, 1 - winsorise])) if winsorise else z
    places, phi = len(z), float(np.mean(z**2))
    weight = error**-2
    room = float(weight.sum() - (weight**2).sum() / weight.sum())
    excess = places * phi - (places - 1)
    tau = float(np.sqrt(max(0.0, excess) / room)) if places > 1 else 0.0
    return Room(scaled, spread, phi, tau, places)
