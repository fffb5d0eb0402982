"""What a review of Op Encompass changed, as far as a series of months can tell."""

from __future__ import annotations

from evaluation.language import _
from evaluation.nouns import Release
from evaluation.wording import ASSUMPTIONS, LEVELS
from reports import reviewed
from reports.cells import notes
from reports.writing import Block, bullets, callout, heading, prose

_SAID = frozenset({"process_only", "unmeasured_confounding"})
"""What the panel says in words of its own."""


def around_the_review(release: Release) -> list[Block | None]:
    """The picture, what it shows, and what it can and cannot say; nothing where no review is known."""
    told = reviewed.series(release)
    if told is None:
        return []
    drawn = reviewed.drawn(release, told, by="quarter")
    return [
        heading(3, _("Before and after the review")),
        prose(
            _("{title}: {day}.", title=told.event.title, day=told.event.on),
            _(
                "The picture shows how often schools were not told in time, because that is the "
                "rarer. Late news still comes in time where a school stays closed for long; the "
                "lines allow for that, the points do not. The month of a review that was not on "
                "its first day is left out of the lines."
            )
            if drawn
            else None,
        ),
        drawn,
        prose(told.says, told.sixth_month),
        notes([told.ratio]),
        _panel(told) if drawn else None,
    ]


def _panel(told: reviewed.Series) -> Block:
    unmet = () if told.ratio is None else told.ratio.unmet
    return callout(
        "note",
        _("What the lines can and cannot say"),
        prose(_("They can say:")),
        bullets(
            (
                _(
                    "Whether schools were told in time more or less often from the review on, beyond "
                    "the trend that was under way."
                ),
                LEVELS[2],
            )
        ),
        prose(_("They cannot say:")),
        bullets(
            (
                _(
                    "That the review did it. Nobody was compared with, and whatever else changed at "
                    "that time is in the figure."
                ),
                _("What became of the children."),
                *(ASSUMPTIONS[code] for code in unmet if code in ASSUMPTIONS and code not in _SAID),
            )
        ),
    )
