"""The closed set of claims, and every reason why there is none.

A report says what a figure shows in these sentences and no others. They follow the Justice Data
Lab: an interval with every figure, the result told for 100 children, and 'inconclusive' never
passed off as 'no effect'. None says that a service did anything: a comparison of children who
were not drawn by lot cannot know. Claims are made from the released figures, so that a reader
who checks them against the table comes to the same conclusion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluation.language import Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording.numbers import count, percent, two_figures
from evaluation.wording.reasons import because

Kind = Literal["fewer", "more", "inconclusive", "not_estimable", "interim", "monitoring"]

LEAST_LEVEL = 3
"""The lowest design level that may carry a claim: there is a comparison group."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What may be said, in parts, so that a page in a hurry can leave some for later.

    `headline` stands alone; `meaning` guards it against being read as more. `ratio` is the rate
    ratio with its interval, `per_100` the same for 100 children, `sizes` how many were compared.
    """

    kind: Kind
    headline: Text
    meaning: Text | None = None
    ratio: Text | None = None
    per_100: Text | None = None
    sizes: Text | None = None

    @property
    def sentences(self) -> tuple[Text, ...]:
        """All that follows the headline, in order."""
        parts = (self.meaning, self.ratio, self.per_100, self.sizes)
        return tuple(part for part in parts if part is not None)


def say(
    ratio: Figure | None,
    *,
    outcome: Text,
    phrase: Text,
    release: Release,
    per_100: Figure | None = None,
    arms: tuple[Figure | None, Figure | None] = (None, None),
) -> Claim:
    """The one claim that the primary rate ratio allows.

    `outcome` is the outcome's title and `phrase` what is counted ('missing episodes');
    `per_100` is the difference for 100 children referred, `arms` the children referred and the
    comparison group. A claim is made in the plan's quarter only; in every other the figures are
    shown as interim. A figure that is absent, withheld or without a value is said to be so.
    """
    if ratio is None or ratio.withheld or ratio.value is None or _open(ratio):
        return Claim("not_estimable", _cannot(ratio, outcome))
    kind, headline, meaning = _judged(ratio, per_100, outcome, phrase, release)
    referred, compared = arms
    return Claim(
        kind=kind,
        headline=headline,
        meaning=meaning,
        ratio=_ratio(ratio, phrase),
        per_100=for_100_children(per_100, phrase),
        sizes=_sizes(referred, compared),
    )


def _judged(
    ratio: Figure, per_100: Figure | None, outcome: Text, phrase: Text, release: Release
) -> tuple[Kind, Text, Text | None]:
    """Which claim it is, with its headline and what guards it."""
    if ratio.role != "primary" or (ratio.design_level or 0) < LEAST_LEVEL:
        return (
            "monitoring",
            _("{outcome}: for monitoring only, no claim.", outcome=outcome),
            None,
        )
    if release.quarter != release.claim_quarter:
        return (
            "interim",
            _("{outcome}: interim, no claim.", outcome=outcome),
            _(
                "The plan allows one conclusion, in the report for {quarter}. A test that is repeated "
                "every quarter goes wrong too often; in other quarters the figures are for watching.",
                quarter=release.claim_quarter.title,
            ),
        )
    side = _side(ratio, per_100)
    names = {"outcome": outcome, "phrase": phrase, "days": ratio.days or 0}
    if side == "fewer":
        return (
            "fewer",
            _(
                "{outcome}: there is evidence of fewer {phrase} among children referred, "
                "in the {days} days after.",
                **names,
            ),
            None,
        )
    if side == "more":
        return (
            "more",
            _(
                "{outcome}: there is evidence of more {phrase} among children referred, "
                "in the {days} days after.",
                **names,
            ),
            None,
        )
    return (
        "inconclusive",
        _("{outcome}: inconclusive, in the {days} days after.", **names),
        _(
            "The figures fit fewer {phrase}, more, and no difference. This does not mean that the "
            "service has no effect: more children would be needed to tell.",
            phrase=phrase,
        ),
    )


def _side(ratio: Figure, per_100: Figure | None) -> Literal["fewer", "more", "neither"]:
    """The side of 'no difference' on which the whole interval lies.

    Two figures put a limit of 0.996, and one of 1.04, on 1.0. The difference for 100 children
    is of the same draws, lies on the same side, and keeps its sign when rounded: it decides.
    """
    assert ratio.low is not None
    assert ratio.high is not None
    low, high = (0.0, 0.0) if per_100 is None else (per_100.low or 0.0, per_100.high or 0.0)
    if ratio.high < 1 or (ratio.high == 1 and high < 0):
        return "fewer"
    if ratio.low > 1 or (ratio.low == 1 and low > 0):
        return "more"
    return "neither"


def _open(ratio: Figure) -> bool:
    """True of a figure without an interval: nothing may be said from a bare number."""
    return ratio.low is None or ratio.high is None


def _cannot(figure: Figure | None, outcome: Text) -> Text:
    """Why there is nothing to say. What cannot be estimated and what is withheld are two things."""
    if figure is None:
        return _("{outcome}: this release holds no figure.", outcome=outcome)
    reason = because(figure)
    if reason is None:
        return _("{outcome}: this release holds no figure with an interval.", outcome=outcome)
    if figure.why_not:
        return _(
            "{outcome}: this cannot be estimated, because {reason}.",
            outcome=outcome, reason=reason,
        )  # fmt: skip
    return _("{outcome}: this is withheld, because {reason}.", outcome=outcome, reason=reason)


def _ratio(ratio: Figure, phrase: Text) -> Text:
    return _(
        "Rate ratio: {value} ({confidence} confidence interval {low} to {high}). "
        "Below 1 means fewer {phrase} for each day at risk than in the comparison group; "
        "above 1 means more.",
        value=two_figures(ratio.value),
        low=two_figures(ratio.low),
        high=two_figures(ratio.high),
        confidence=percent(ratio.confidence),
        phrase=phrase,
    )


def _sizes(referred: Figure | None, compared: Figure | None) -> Text | None:
    if referred is None or compared is None:
        return None
    return _(
        "Number of children referred: {referred}. In the comparison group: {compared}.",
        referred=count(referred.children),
        compared=count(compared.children),
    )


def for_100_children(figure: Figure | None, phrase: Text) -> Text | None:
    """The difference as a reader pictures it: for 100 typical children who were referred."""
    if figure is None or figure.value is None:
        return None
    low, value, high = figure.low, figure.value, figure.high
    if low is None or high is None:
        low = high = value
    names = {
        "days": figure.days or 0,
        "phrase": phrase,
        "value": two_figures(abs(value)),
        "least": two_figures(min(abs(low), abs(high))),
        "most": two_figures(max(abs(low), abs(high))),
    }
    if high <= 0:
        return _(
            "For every 100 children referred, over {days} days: {value} fewer {phrase} than in "
            "the comparison group; the interval runs from {least} to {most} fewer.",
            **names,
        )
    if low >= 0:
        return _(
            "For every 100 children referred, over {days} days: {value} more {phrase} than in "
            "the comparison group; the interval runs from {least} to {most} more.",
            **names,
        )
    ends = {"fewer": two_figures(abs(low)), "more": two_figures(high)}
    if value < 0:
        return _(
            "For every 100 children referred, over {days} days: {value} fewer {phrase} than in "
            "the comparison group; the interval runs from {fewer} fewer to {more} more.",
            **names, **ends,
        )  # fmt: skip
    return _(
        "For every 100 children referred, over {days} days: {value} more {phrase} than in "
        "the comparison group; the interval runs from {fewer} fewer to {more} more.",
        **names, **ends,
    )  # fmt: skip
