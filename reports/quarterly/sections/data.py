"""The numbers behind the pictures, for those who would rather read them."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, _
from evaluation.nouns import Release
from reports import reviewed
from reports.glossary import page
from reports.quarterly import flow, survival, told_schools
from reports.quarterly.sections import monitoring
from reports.quarterly.spreadsheet_only import why_only_there
from reports.writing import heading, prose


def section(release: Release, language: Language) -> Markdown:
    """One table for each picture that has none beside it."""
    series = reviewed.series(release)
    return page(
        language,
        heading(2, _("The numbers behind the pictures")),
        *flow.table(release),
        *survival.table(release),
        *monitoring.table(release),
        *told_schools.tables(release),
        *(reviewed.table(series) if series is not None and series.fitted else ()),
        prose(
            _(
                "Every figure of the release is in the spreadsheets. These are only there: "
                "other windows, groups and months, and checks for an evaluator. Their number: {n}.",
                n=sum(why_only_there(figure, release) is not None for figure in release.figures),
            )
        ),
    )
