"""The closed set of claims, and every reason why there is none.

A report says what a figure shows in these sentences and no others. They follow the Justice Data
Lab: an interval with every figure, the result told for 100 children, and 'inconclusive' never
passed off as 'no effect'. None says that a service did anything: a comparison of children who
were not drawn by lot cannot know. Claims are made from the released figures, so that a reader
who checks them against the table comes to the same conclusion.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from evaluation.language import Text, _
from evaluation.nouns import AT_LOOK, Figure, Release
from evaluation.wording.numbers import confidence, count, two_figures
from evaluation.wording.reasons import ASSUMPTIONS, LEVELS, because

Kind = Literal[
    "fewer",
    "more",
    "inconclusive",
    "not_estimable",
    "interim",
    "blocked",
    "exploratory",
    "monitoring",
]
Side = Literal["fewer", "more", "neither"]

LEAST_LEVEL = 3
"""The lowest design level that may carry a claim: there is a comparison group."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What may be said, in parts, so that a page in a hurry can leave some for later.

    `headline` stands alone; `meaning` guards it against being read as more. `ratio` is the rate
    ratio with its interval, `beside` the plan's other main figure, `per_100` the first for 100
    children, `sizes` how many were compared. `level` is the strength of the design and
    `weakened_by` the assumptions that do not hold or cannot be checked: no claim without them.
    """

    kind: Kind
    headline: Text
    meaning: Text | None = None
    ratio: Text | None = None
    per_100: Text | None = None
    sizes: Text | None = None
    beside: Text | None = None
    level: Text | None = None
    weakened_by: tuple[Text, ...] = ()

    @property
    def sentences(self) -> tuple[Text, ...]:
        """All that follows the headline, in order; the panel beside it tells level and weakness."""
        parts = (self.meaning, self.ratio, self.beside, self.per_100, self.sizes)
        return tuple(part for part in parts if part is not None)


def say(
    ratio: Figure | None,
    *,
    outcome: Text,
    phrase: Text,
    release: Release,
    per_100: Figure | None = None,
    arms: tuple[Figure | None, Figure | None] = (None, None),
    co_primary: Figure | None = None,
) -> Claim:
    """The one claim that the primary rate ratio allows.

    `outcome` is the outcome's title and `phrase` what is counted ('missing episodes');
    `per_100` is the difference for 100 children referred, `arms` the children referred and the
    comparison group, `co_primary` the plan's other main figure. A claim is made in the release
    of the claim analysis only, from a primary figure that nothing blocks, and at a look by the
    look's own interval; in every other release the figures are shown as interim. A figure that
    is absent, withheld or without a value is said to be so.
    """
    if ratio is None or ratio.withheld or ratio.value is None or _open(ratio):
        return Claim("not_estimable", _cannot(ratio, outcome))
    kind, headline, meaning = _judged(
        ratio, per_100, co_primary, outcome=outcome, phrase=phrase, release=release
    )
    referred, compared = arms
    judged = _of_look(ratio, release) or ratio
    return Claim(
        kind=kind,
        headline=headline,
        meaning=meaning,
        ratio=_ratio(judged, phrase),
        beside=_beside(co_primary),
        per_100=for_100_children(_of_look(per_100, release) or per_100, phrase),
        sizes=_sizes(referred, compared),
        level=LEVELS.get(ratio.design_level or 0),
        weakened_by=tuple(ASSUMPTIONS.get(code, Text(code)) for code in ratio.unmet),
    )


def _judged(
    ratio: Figure,
    per_100: Figure | None,
    co_primary: Figure | None,
    *,
    outcome: Text,
    phrase: Text,
    release: Release,
) -> tuple[Kind, Text, Text | None]:
    """Which claim it is, with its headline and what guards it."""
    if ratio.role == "exploratory" or release.claiming.departs:
        return (
            "exploratory",
            _("{outcome}: exploratory, no claim.", outcome=outcome),
            ASSUMPTIONS["departs_from_plan"],
        )
    if ratio.role != "primary" or (ratio.design_level or 0) < LEAST_LEVEL:
        return (
            "monitoring",
            _("{outcome}: for monitoring only, no claim.", outcome=outcome),
            None,
        )
    if not release.is_claim:
        return ("interim", _("{outcome}: interim, no claim.", outcome=outcome), awaited(release))
    if blocks := _blocks(ratio, co_primary, release):
        return (
            "blocked",
            _("{outcome}: no claim can be made.", outcome=outcome),
            _(
                "The plan forbids a claim where the comparison itself is in doubt. What forbids it "
                "here: {reasons}",
                reasons=_together(ASSUMPTIONS.get(code, Text(code)) for code in blocks),
            ),
        )
    at_look = _of_look(ratio, release)
    if release.claiming.rule == "by_spending" and (at_look is None or _open(at_look)):
        return ("not_estimable", _cannot(at_look, outcome), None)
    side = _side(at_look or ratio, _of_look(per_100, release) or per_100)
    agreed = _agreed(side, co_primary, release)
    names = {"outcome": outcome, "phrase": phrase, "days": ratio.days or 0}
    if agreed == "fewer":
        return (
            "fewer",
            _(
                "{outcome}: there is evidence of fewer {phrase} among children referred, "
                "in the {days} days after.",
                **names,
            ),
            None,
        )
    if agreed == "more":
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
            "The figures fit fewer {phrase}, fit more, and fit no difference. This does not mean that "
            "the service has no effect: more children would be needed to tell.",
            phrase=phrase,
        )
        if side == "neither"
        else _(
            "The plan’s two main figures do not agree, so neither carries a conclusion. This does "
            "not mean that the service has no effect."
        ),
    )


def awaited(release: Release) -> Text:
    """When a conclusion may be drawn, in a release that may carry none."""
    claiming, quarter = release.claiming, release.claim_quarter
    if claiming.rule == "by_spending":
        if quarter is None:
            return _(
                "The plan’s last look has passed. Its conclusions stand in the reports of its "
                "looks; figures since then are for watching."
            )
        return _(
            "The plan allows a conclusion at a few looks only, each against a stricter test, so "
            "that looking often does not go wrong more often. The next is in the report for "
            "{quarter}; until then the figures are for watching.",
            quarter=quarter.title,
        )
    if quarter is None:
        return _(
            "The plan allows one conclusion, in the first report with {children} children in each "
            "group whose {days} days are complete. That is not yet so; until then the figures are "
            "for watching.",
            children=claiming.children or 0,
            days=claiming.days or 0,
        )
    return _(
        "The plan allows one conclusion, in the report for {quarter}. A test that is repeated "
        "every quarter goes wrong too often; in other quarters the figures are for watching.",
        quarter=quarter.title,
    )


def _blocks(ratio: Figure, co_primary: Figure | None, release: Release) -> tuple[str, ...]:
    """The unmet assumptions that forbid a claim, of whatever the claim would be made from."""
    there = set(ratio.unmet)
    if co_primary is not None and release.claiming.agreement == "both":
        there |= set(co_primary.unmet)
    return tuple(code for code in release.claiming.blocked_by if code in there)


def _agreed(side: Side, co_primary: Figure | None, release: Release) -> Side:
    """The side of the claim, once the plan's other main figure has been asked.

    'first': it may not lie wholly on the other side. 'both': it must lie on the same side, and a
    figure that is not there agrees with nothing.
    """
    shown = co_primary if co_primary is not None and not co_primary.withheld else None
    judged = (_of_look(shown, release) or shown) if shown is not None else None
    other = None if judged is None or _open(judged) else _side(judged, None)
    if release.claiming.agreement == "both":
        return side if other == side else "neither"
    return "neither" if {side, other} == {"fewer", "more"} else side


def _together(sentences: Iterable[Text]) -> Text:
    """Whole sentences one after another; a list would put 'and' between them."""
    return reduce(lambda first, then: _("{first} {next}", first=first, next=then), sentences)


def _of_look(figure: Figure | None, release: Release) -> Figure | None:
    """The same figure with the interval of this look; None where the release is none."""
    if figure is None or release.claiming.rule != "by_spending" or not release.is_claim:
        return None
    there = (figure.section, figure.cohort, figure.outcome, figure.group, figure.days)
    found = (
        other
        for other in release.figures
        if other.measure == figure.measure + AT_LOOK
        and (other.section, other.cohort, other.outcome, other.group, other.days) == there
    )
    return next(found, None)


def _side(ratio: Figure, per_100: Figure | None) -> Side:
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
        confidence=confidence(ratio.confidence),
        phrase=phrase,
    )


def _beside(figure: Figure | None) -> Text | None:
    """The plan's other main figure, or why there is none; nothing where the release has no word."""
    if figure is None:
        return None
    if figure.value is None or _open(figure):
        return _(
            "The plan’s other main figure, children referred beside those not referred yet, is not "
            "shown, because {reason}.",
            reason=because(figure) or _("it has no interval"),
        )
    return _(
        "The plan’s other main figure compares children referred at a meeting with those not "
        "referred yet, for as long as they are not. Its rate ratio: {value} ({confidence} "
        "confidence interval {low} to {high}).",
        value=two_figures(figure.value),
        low=two_figures(figure.low),
        high=two_figures(figure.high),
        confidence=confidence(figure.confidence),
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
