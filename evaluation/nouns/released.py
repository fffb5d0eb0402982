"""What may leave: nothing about a child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

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


@dataclass(frozen=True, slots=True)
class Claiming:
    """What the plan asks of a claim, so that a reader of the release alone can hold it to that.

    `days` are those of the primary window. `rule` says when one may be made: 'by_date', in the quarter that the plan names; 'by_children',
    in the first in which both arms have `children` whose window is complete; 'by_spending', at
    each of `looks`, where a figure of the same name ending in `AT_LOOK` bears the interval of
    that look and `information` is the share of what is known by then, in whole twentieths.
    `agreement` says what the plan's two main figures must do: 'first', the first tells and the
    other may not lie wholly on the other side; 'both', they lie on the same side. `blocked_by`
    are the unmet assumptions that forbid a claim, `departs` the entries in which the plan that
    was used departs from the one that was registered.
    """

    rule: Literal["by_date", "by_children", "by_spending"] = "by_date"
    days: int | None = None
    children: int | None = None
    looks: tuple[Quarter, ...] = ()
    information: float | None = None
    agreement: Literal["first", "both"] = "first"
    blocked_by: tuple[str, ...] = ()
    departs: tuple[str, ...] = ()


AT_LOOK = "_at_look"
"""What the name of a figure ends in that bears the interval of a look."""


@dataclass(frozen=True, slots=True)
class Before:
    """What the last quarter's release told: the figures of it that this one is compared with.

    They are as they left then, so that they tell nothing new. `snapshot` is what they were made
    from; returns that came late since then are in this release and not in them.
    """

    quarter: Quarter
    made_on: date
    snapshot: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Corrected:
    """The release of the same quarter that this one takes the place of, and why.

    `because` is a code of `evaluation.wording.CORRECTIONS`. `changed` is how many figures are told
    otherwise, or in one of the two releases alone. `before` holds those of the earlier one that
    the first page tells.
    """

    because: str
    changed: int
    before: Before


@dataclass(frozen=True)
class Release:
    """All the figures that may leave, and what they were made from. Nothing about a child.

    `claim_quarter` is the quarter whose release may carry a claim: this one's, where it is the
    claim analysis; the next one to come, or None where nobody can know it yet or none will come.
    `withheld_children` is the share of children behind the figures that each rule withheld, in
    steps (see `evaluation.disclosure.withheld_by_rule`). `before` is what the release of the
    quarter before told; None where there was none. `corrects` is an earlier release of this quarter
    with other figures; None where this is the first.
    """

    body: str
    quarter: Quarter
    snapshot: str
    plan: str
    claim_quarter: Quarter | None
    policy: Mapping[str, object]
    versions: Mapping[str, str]
    made_on: date
    figures: tuple[Figure, ...]
    claiming: Claiming = Claiming()
    report: str = "quarterly"
    provider: str | None = None
    withheld_children: Mapping[str, float] = field(default_factory=dict)
    before: Before | None = None
    corrects: Corrected | None = None

    @property
    def is_claim(self) -> bool:
        """Whether this is the claim analysis: the only one that a claim may be made from."""
        return self.quarter == self.claim_quarter
