"""From a release file to its report, in both languages at the same moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

from evaluation.errors import WrongUse
from evaluation.language import Language, _
from evaluation.nouns import Release
from evaluation.rendering import FORMATS, Engine, Format, render_pair
from reports import annex, provider, quarterly
from reports.banners import WATERMARK
from reports.codes import words_for
from reports.groups import group_in_words
from reports.particulars import remarks
from reports.reading import body_of, open_release
from reports.services import every_service

REPORTS = {"quarterly": quarterly, "annex": annex, "provider": provider}
"""The reports by the name that a release file gives of its own; each is a folder here."""


def make_reports(
    release_file: Path,
    to: Path,
    *,
    engine: Engine | None = None,
    formats: Sequence[Format] = FORMATS,
    approved: Collection[Language] = (),
) -> dict[Language, dict[str, Path]]:
    """Render the report that a release was made for, into the folder `to`; gives each file by its ending.

    An internal one says on every page that it is not for publication. `engine` is the body's own
    unless it is given; the text in an `approved` language is no draft. Nothing but the release file is read. Raises WrongUse where this version
    has no such report, RenderError, with nothing published, if any of it cannot be made.
    """
    release = open_release(release_file)
    body = body_of(release)
    if release.report not in REPORTS:
        raise WrongUse(
            _(
                "The release file is for a report ‘{name}’. Known are: {known}.",
                name=release.report[:40], known=", ".join(REPORTS),
            )
        )  # fmt: skip
    report = REPORTS[release.report]
    return render_pair(
        release.report,
        release_file,
        to=to,
        name=name_of(release),
        formats=formats,
        watermark=WATERMARK if release.policy.get("watermarked") else None,
        engine=engine or body.engine,
        title=report.title(release, body),
        subtitle=report.subtitle(release, body),
        author=body.name,
        made_on=release.made_on,
        figures=release.figures,
        words=words_for(release.figures, every_service(release)),
        groups=partial(group_in_words, body=body),
        approved=approved,
        remarks=remarks(release),
    )


def name_of(release: Release) -> str:
    """What the files of its report are called: 'report', 'annex', 'provider-st_giles'."""
    if release.report == "quarterly":
        return "report"
    return release.report if release.provider is None else f"{release.report}-{release.provider}"
