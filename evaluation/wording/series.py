"""What may be said of a series before and after a dated change: a closed set of sentences.

None is a claim, and none says that the change did it: nobody was compared with, and whatever else
began at the time is in the figure. They are said from the released figures.
"""

from __future__ import annotations

from evaluation.language import Text, _
from evaluation.nouns import Figure
from evaluation.wording.agreement import Road
from evaluation.wording.numbers import confidence, percent, two_figures
from evaluation.wording.reasons import because


def changed(ratio: Figure | None, *, outcome: Text) -> Text:
    """The sentence that stands alone: whether the share is another than the trend before leads to.

    `outcome` is what the share is of, and fewer of it is below 1.
    """
    match Road(ratio).side:
        case "fewer":
            return _(
                "{outcome}: a smaller share after the change than the months before it lead one to "
                "expect.",
                outcome=outcome,
            )
        case "more":
            return _(
                "{outcome}: a larger share after the change than the months before it lead one to "
                "expect.",
                outcome=outcome,
            )
        case "neither":
            return _(
                "{outcome}: inconclusive. After the change the share may be smaller than the months "
                "before it lead one to expect, or larger. This does not mean that nothing changed.",
                outcome=outcome,
            )
    reason = because(ratio) or _("it has no interval")
    return _(
        "{outcome}: before and after the change cannot be compared, because {reason}.",
        outcome=outcome,
        reason=reason,
    )


def by_then(
    ratio: Figure | None, fitted: Figure | None, expected: Figure | None, *, month: Text
) -> Text | None:
    """Both lines in a month, and the ratio of the two; None where one of them has no value."""
    values = [figure.value for figure in (ratio, fitted, expected) if figure is not None]
    if len(values) < 3 or ratio is None or fitted is None or expected is None or None in values:
        return None
    return _(
        "{month}: {fitted}. If the trend before had gone on: {expected}. The first divided by the "
        "second: {ratio} ({confidence} confidence interval {low} to {high}).",
        month=month,
        fitted=percent(fitted.value),
        expected=percent(expected.value),
        ratio=two_figures(ratio.value),
        confidence=confidence(ratio.confidence),
        low=two_figures(ratio.low),
        high=two_figures(ratio.high),
    )
