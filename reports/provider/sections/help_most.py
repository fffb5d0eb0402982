"""What would help most next quarter: the fields with most blanks."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import count
from reports.provider.own import blanks, forms, has_come, waiting_for_a_reason
from reports.reading import one
from reports.returned import field_title, form_title
from reports.writing import Block, bullets, heading, page, prose

THREE = 3


def section(release: Release, language: Language) -> Markdown:
    """At most three fields, and the reasons that are still wanted."""
    return page(
        language,
        heading(2, _("What would help most next quarter")),
        *_asked(release),
    )


def _asked(release: Release) -> list[Block]:
    told = [_field(release, figure) for figure in blanks(release)[:THREE]]
    if waiting_for_a_reason(release):
        told.append(_("A reason for each finding that waits for one."))
    if not told:
        return [prose(_nothing(release))]
    return [
        prose(
            _(
                "Fill these in, wherever there is an answer. Where a field’s list offers ‘Not known’, "
                "that is one."
            )
        ),
        bullets(told),
    ]


def _nothing(release: Release) -> Text:
    if any(has_come(release, form) for form in forms(release)):
        return _("Nothing: your returns are complete. Please go on as you do.")
    return _("Your return for this quarter: none has come.")


def _field(release: Release, figure: Figure) -> Text:
    share = one(release, "filled", section="own_records", group=figure.group)
    said: dict[str, object] = {
        "field": field_title(release, figure.group, alone=True),
        "blanks": count(figure.value),
        "records": count(share.of if share else None),
    }
    if len(forms(release)) == 1:
        return _("{field}: blank in {blanks} of {records} records.", **said)
    return _(
        "{field} (on the form ‘{form}’): blank in {blanks} of {records} records.",
        form=form_title(release, figure.group.partition(".")[0]),
        **said,
    )
