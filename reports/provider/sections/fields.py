"""How full each wanted field is, beside the quarter before."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import count, percent, points
from reports.cells import notes, value
from reports.provider.own import forms
from reports.reading import find, one
from reports.returned import field_title
from reports.writing import Block, Words, grid, heading, page, prose
from schemas import FORMS


def section(release: Release, language: Language) -> Markdown:
    """A line for each wanted field: filled in now, before, and by how much that changed."""
    fields = find(release, "filled", section="own_records")
    return page(
        language,
        heading(2, _("How complete your returns are")),
        *(_table(release, fields) if fields else [prose(_none(release))]),
    )


def _none(release: Release) -> Text:
    """Why there is no line: every field of the forms must be filled in, or no return has come."""
    wanted = (field for form in forms(release) for field in FORMS[form].fields)
    if any(field.need == "want" for field in wanted):
        return _("No return has come for this quarter, so there is nothing to show.")
    return _(
        "Every field that we ask you for must be filled in, or the return is refused. So there is "
        "nothing to list here."
    )


def _table(release: Release, fields: tuple[Figure, ...]) -> list[Block | None]:
    return [
        prose(
            _(
                "Fields that must be filled in always are, or the return is refused. These are the "
                "ones that we want and that may be left blank. ‘Not known’, ‘not asked’ and "
                "‘declined’ are answers, and count as filled in."
            )
        ),
        grid(
            "fields",
            _("Share of records in which a wanted field is filled in"),
            [
                (_("Field"), "left"),
                (_("This quarter"), "right"),
                (_("Last quarter"), "right"),
                (_("Change, points"), "right"),
                (_("Records left blank"), "right"),
            ],
            [_row(release, figure) for figure in fields],
        ),
        notes(fields),
    ]


def _row(release: Release, now: Figure) -> tuple[Text | Words, ...]:
    before = one(release, "filled_before", section="own_records", group=now.group)
    blank = one(release, "blanks", section="own_records", group=now.group)
    known = now.value is not None and before is not None and before.value is not None
    return (
        field_title(release, now.group, alone=len(forms(release)) == 1),
        value(now, percent),
        value(before, percent),
        points((now.value or 0) - ((before.value if before else 0) or 0)) if known else "–",
        value(blank, count),
    )
