"""What may be said of a figure, in both languages: claims, reasons and numbers."""

from evaluation.wording.agreement import READINGS, Road, agreement, would_change
from evaluation.wording.claims import Claim, awaited, for_100_children, say
from evaluation.wording.limits import can_and_cannot
from evaluation.wording.numbers import (
    WITHHELD,
    count,
    decimals,
    percent,
    points,
    three_figures,
    two_figures,
)
from evaluation.wording.reasons import (
    ASSUMPTIONS,
    CORRECTIONS,
    LEVELS,
    METHODS,
    REASONS,
    WITHHELD_BECAUSE,
    because,
)
from evaluation.wording.series import by_then, changed

__all__ = [
    "ASSUMPTIONS",
    "CORRECTIONS",
    "LEVELS",
    "METHODS",
    "READINGS",
    "REASONS",
    "WITHHELD",
    "WITHHELD_BECAUSE",
    "Claim",
    "Road",
    "agreement",
    "awaited",
    "because",
    "by_then",
    "can_and_cannot",
    "changed",
    "count",
    "decimals",
    "for_100_children",
    "percent",
    "points",
    "say",
    "three_figures",
    "two_figures",
    "would_change",
]
