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
    """What may be said: a headline, then the sentences that belong to it, in order."""

    kind: Kind
    headline: Text
    sentences: tuple[Text, ...] = ()


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
    shown = _figures(ratio, per_100, arms, phrase)
    if ratio.role != "primary" or (ratio.design_level or 0) < LEAST_LEVEL:
        return Claim(
            "monitoring", _("{outcome}: for monitoring only, no claim.", outcome=outcome), shown
        )
    if release.quarter != release.claim_quarter:
        return Claim(
            "interim",
            _("{outcome}: interim, no claim.", outcome=outcome),
            (
                _(
                    "The plan allows one conclusion, from the returns up to {quarter}. A test that "
                    "is repeated every quarter goes wrong too often, so until then these figures "
                    "are for watching.",
                    quarter=release.claim_quarter.title,
                ),
                *shown,
            ),
        )
    assert ratio.low is not None
    assert ratio.high is not None
    days = ratio.days or 0
    if ratio.high < 1:
        return Claim(
            "fewer",
            _(
                "{outcome}: there is evidence of fewer {phrase} among children referred, "
                "in the {days} days after.",
                outcome=outcome, phrase=phrase, days=days,
            ),
            shown,
        )  # fmt: skip
    if ratio.low > 1:
        return Claim(
            "more",
            _(
                "{outcome}: there is evidence of more {phrase} among children referred, "
                "in the {days} days after.",
                outcome=outcome, phrase=phrase, days=days,
            ),
            shown,
        )  # fmt: skip
    return Claim(
        "inconclusive",
        _("{outcome}: inconclusive, in the {days} days after.", outcome=outcome, days=days),
        (
            _(
                "The figures fit fewer {phrase}, more, and no difference. "
                "This does not mean that the service has no effect: more children would be needed "
                "to tell.",
                phrase=phrase,
            ),
            *shown,
        ),
    )


def _open(ratio: Figure) -> bool:
    """True of a figure without an interval: nothing may be said from a bare number."""
    return ratio.low is None or ratio.high is None


def _cannot(figure: Figure | None, outcome: Text) -> Text:
    """Why there is nothing to say. What cannot be estimated and what is withheld are two things."""
    reason = because(figure)
    if figure is None or reason is None:
        return _("{outcome}: this release holds no figure with an interval.", outcome=outcome)
    if figure.why_not:
        return _(
            "{outcome}: this cannot be estimated, because {reason}.",
            outcome=outcome, reason=reason,
        )  # fmt: skip
    return _("{outcome}: this is withheld, because {reason}.", outcome=outcome, reason=reason)


def _figures(
    ratio: Figure,
    per_100: Figure | None,
    arms: tuple[Figure | None, Figure | None],
    phrase: Text,
) -> tuple[Text, ...]:
    """The ratio with its interval, the same for 100 children, and how many were compared."""
    said = [
        _(
            "Rate ratio: {value} ({confidence} confidence interval {low} to {high}). "
            "Below 1 means fewer {phrase} for each day at risk than in the comparison group; "
            "above 1 means more.",
            value=two_figures(ratio.value), low=two_figures(ratio.low),
            high=two_figures(ratio.high), confidence=percent(ratio.confidence), phrase=phrase,
        )
    ]  # fmt: skip
    if per_100 is not None and per_100.value is not None:
        said.append(for_100_children(per_100, phrase))
    referred, compared = arms
    if referred is not None and compared is not None:
        said.append(
            _(
                "Number of children referred: {referred}. In the comparison group: {compared}.",
                referred=count(referred.children), compared=count(compared.children),
            )
        )  # fmt: skip
    return tuple(said)


def for_100_children(figure: Figure, phrase: Text) -> Text:
    """The difference as a reader pictures it: for 100 typical children who were referred."""
    low, value, high = figure.low, figure.value, figure.high
    assert value is not None
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
