"""Referred now, beside not referred yet: the plan's other main figure, and how to read it."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import ASSUMPTIONS, because, count, percent, two_figures
from evaluation.wording.numbers import confidence
from reports.cells import tabled, with_limits
from reports.quarterly import comparison
from reports.reading import every, pick, primary
from reports.writing import Block, bullets, heading, page, prose, strong

OTHERS = "not_referred"
_PLACE = {"section": "re_missing", "cohort": "referred_now", "outcome": "re_missing"}

_AS_A_CHECK = _(
    "It is a check and no more: no conclusion is drawn from it, and none is stopped by it. The "
    "conclusion comes from the comparison above."
)

_ROLES = {
    "first": _(
        "The plan draws its conclusion from the comparison above. This figure can stop that "
        "conclusion, where it lies wholly on the other side of 1, and cannot make one itself."
    ),
    "both": _(
        "The plan draws a conclusion only where this figure and the comparison above agree: both "
        "intervals on the same side of 1."
    ),
}


def section(release: Release, language: Language) -> Markdown:
    """What it asks, what it finds or why it finds nothing, and what it hangs on."""
    days = comparison.days_of(release)
    ratio = pick(release, measure="rate_ratio", group="contrast", days=days, **_PLACE)
    return page(
        language,
        heading(3, _("Referred now, beside not referred yet")),
        prose(
            _(
                "The comparison above keeps to what the first meeting decided: that is its strength, "
                "but many in the comparison group are referred later, which hides a part of any "
                "difference."
            ),
            _(
                "Here children referred at any meeting are compared with similar children who were "
                "not referred there, for only as long as those stay unreferred."
            ),
        ),
        prose(_role(release)),
        strong(found(ratio)) if _is_main(release) else prose(found(ratio)),
        prose(_later(release, ratio)),
        *_windows(release),
        *_hangs_on(ratio, primary(release)),
    )


def _is_main(release: Release) -> bool:
    return comparison.co_primary(release) is not None


def _role(release: Release) -> Text:
    """What the plan lets it say, before a reader meets the number."""
    return _ROLES[release.claiming.agreement] if _is_main(release) else _AS_A_CHECK


def found(ratio: Figure | None) -> Text:
    """The one sentence of the figure: its ratio and interval, or why there is none."""
    if ratio is None:
        return _("This release does not hold this comparison.")
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return _(
            "It cannot be told in this quarter, because {reason}.",
            reason=because(ratio) or _("it has no interval"),
        )
    return _(
        "For each day at risk, over {days} days, children referred had {value} times as many missing "
        "episodes as similar children who stayed unreferred ({confidence} confidence interval {low} to {high}).",
        days=ratio.days or 0,
        value=two_figures(ratio.value),
        low=two_figures(ratio.low),
        high=two_figures(ratio.high),
        confidence=confidence(ratio.confidence),
    )


def _hangs_on(ratio: Figure | None, main: Figure | None) -> list[Block]:
    """The assumptions that this figure makes beyond those of the comparison above."""
    if ratio is None or ratio.value is None:
        return []
    known = () if main is None else main.unmet
    own = [ASSUMPTIONS.get(code, Text(code)) for code in ratio.unmet if code not in known]
    return [prose(_("What it assumes beyond the comparison above:")), bullets(own)] if own else []


def _later(release: Release, ratio: Figure | None) -> Text | None:
    """How much of the comparison had to be judged from others: the reader's measure of doubt."""
    days = None if ratio is None else ratio.days
    later = pick(release, measure="referred_later", group=OTHERS, days=days, **_PLACE)
    worth = pick(release, measure="effective_children", group=OTHERS, days=days, **_PLACE)
    if later is None or later.value is None or worth is None or worth.value is None:
        return None
    return _(
        "Of the comparisons, {share} ended early because the child was referred after all. Their "
        "later episodes are estimated from their own history and from similar children; after "
        "weighting, those who stayed count as {children} children.",
        share=percent(later.value),
        children=count(worth.value),
    )


def _windows(release: Release) -> list[Block | None]:
    ratios = sorted(every(release, measure="rate_ratio", **_PLACE), key=lambda one: one.days or 0)
    if not any(one.value is not None for one in ratios):
        return []
    return [
        *tabled(
            "referred-now",
            _("Referred now, beside not referred yet: shorter and longer times"),
            [(_("Window"), "left"), (_("Rate ratio (interval, 95%)"), "right")],
            [
                (_("{days} days", days=one.days or 0), with_limits(one, two_figures))
                for one in ratios
            ],
            ratios,
        ),
    ]
