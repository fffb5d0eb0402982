"""What may leave: nothing about a child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from evaluation.quarters import Quarter


@dataclass(frozen=True, slots=True)
class Figure:
    """An `Estimate` as it may leave: rounded, or withheld with the reason; never both."""

    section: str
    measure: str
    group: str
    cohort: str | None
    outcome: str | None
    days: int | None
    unit: str
    children: int | None
    of: int | None
    events: int | None
    value: float | None
    low: float | None
    high: float | None
    confidence: float
    method: str
    design_level: int | None
    unmet: tuple[str, ...]
    role: str
    withheld: str | None
    why_not: str | None


@dataclass(frozen=True)
class Release:
    """All the figures that may leave, and what they were made from. Nothing about a child."""

    body: str
    quarter: Quarter
    snapshot: str
    plan: str
    claim_quarter: Quarter
    policy: Mapping[str, object]
    versions: Mapping[str, str]
    made_on: date
    figures: tuple[Figure, ...]
