"""That a release takes the place of an earlier one of its quarter: why, and what it changed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.language import Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import CORRECTIONS, two_figures
from reports.cells import with_limits
from reports.quarterly.changes import find, lines
from reports.reading import primary
from reports.writing import Block, Words, callout, grid, prose


def banner(release: Release) -> Block | None:
    """Above everything else: whoever read the first one must see that this is another."""
    corrected = release.corrects
    if corrected is None:
        return None
    return callout(
        "important",
        _("Corrected release"),
        prose(
            _(
                "This release takes the place of the one of {day}, because {reason}. "
                "Figures told otherwise than there: {changed} of {all}.",
                day=corrected.before.made_on,
                reason=CORRECTIONS[corrected.because],
                changed=corrected.changed,
                all=len(release.figures),
            )
        ),
    )


def table(release: Release) -> list[Block | None]:
    """A line for each figure of the first page that the correction changed."""
    corrected = release.corrects
    if corrected is None:
        return []
    rows = [row for row in _lines(release, corrected.before.figures) if row[1] != row[2]]
    if not rows:
        return [prose(_("The correction changed none of the figures on this page."))]
    return [
        grid(
            "corrected",
            _("What the correction changed on this page"),
            [(_("What"), "left"), (_("Told first"), "right"), (_("Told now"), "right")],
            rows,
        )
    ]


def _lines(release: Release, before: tuple[Figure, ...]) -> Iterator[tuple[Text, Words, Words]]:
    then = next((figure for figure in before if figure.role == "primary"), None)
    yield (
        _("Rate ratio, referred to not referred"),
        with_limits(then, two_figures),
        with_limits(primary(release), two_figures),
    )
    for line in lines(release):
        told, now = find(before, line), find(release.figures, line)
        yield line.title, line.write(told), line.write(now)
