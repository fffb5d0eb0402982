"""From a release file to its report, in both languages at the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evaluation.language import Language
from evaluation.rendering import FORMATS, Engine, Format, render_pair
from reports import quarterly
from reports.reading import open_release, read_body


def make_reports(
    release_file: Path,
    to: Path,
    *,
    engine: Engine | None = None,
    formats: Sequence[Format] = FORMATS,
) -> dict[Language, dict[str, Path]]:
    """Render the quarterly report of a release into the folder `to`; gives each file by its ending.

    `engine` is the body's own unless it is given. Nothing but the release file is read. Raises
    RenderError, with nothing published, if any of it cannot be made.
    """
    release = open_release(release_file)
    body = read_body(release.body)
    return render_pair(
        "quarterly",
        release_file,
        to=to,
        formats=formats,
        engine=engine or body.engine,
        title=quarterly.title(release, body),
        subtitle=quarterly.subtitle(release, body),
        author=body.name,
        made_on=release.made_on,
    )
