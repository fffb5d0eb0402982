"""What one document says of itself, above all else: title, day, banners, and where else it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Literal

from evaluation.language import Language, Text, _, is_draft, write
from evaluation.rendering.pairs import Other

Format = Literal["html", "pdf", "docx", "xlsx", "ods", "csv"]
PAGE: Format = "html"
FORMATS: tuple[Format, ...] = ("html", "pdf", "docx", "xlsx", "ods", "csv")
FIGURES = "figures.csv"
"""What the file of all released figures ends in; it goes with the CSV of the tables."""
NAMES: Mapping[str, Text] = {
    "html": _("web page"),
    "pdf": _("PDF"),
    "docx": _("Word document"),
    "xlsx": _("tables for Excel"),
    "ods": _("tables as OpenDocument"),
    "csv": _("tables as CSV"),
    FIGURES: _("all figures as CSV"),
}

DRAFT = _("Draft translation: nobody has approved it yet. Where the two languages differ, tell us.")


@dataclass(frozen=True, slots=True)
class Face:
    """One document's front matter in its language, and what stands at its top.

    `banners` stand on every page: whose eyes it is for, and that its translation is a draft.
    `remarks` are what must be known of every number, for who meets the tables without the report.
    `formats` are the places, as seen from this page, of the same report in its other formats.
    """

    language: Language
    front: Mapping[str, object]
    banners: tuple[str, ...] = ()
    other: Other | None = None
    formats: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def published(self) -> date | None:
        """The day under the title."""
        day = self.front.get("date")
        return day if isinstance(day, date) else None

    @property
    def day(self) -> str:
        """The same in words; '' where there is none."""
        return write(self.published, self.language) if self.published else ""

    def said(self, key: str) -> str:
        """The title, subtitle, author or lang; '' where the front matter has none."""
        return str(self.front.get(key) or "")

    @property
    def whole_title(self) -> str:
        """Title, subtitle and author in one line, for a list of windows or of files."""
        return " – ".join(part for part in map(self.said, ("title", "subtitle", "author")) if part)

    @property
    def foot(self) -> str:
        """What stands at the foot of each page: whatever says of which time the report is."""
        return self.said("subtitle") or self.said("title")

    @property
    def elsewhere(self) -> str:
        """For what cannot be followed on paper: the other language, in its own words."""
        return self.other.stands if self.other else ""

    @property
    def also_as(self) -> str:
        """The way to the other formats, as HTML; '' where there are none."""
        links = ", ".join(
            f'<a href="{escape(href)}">{escape(NAMES[kind].to(self.language))}</a>'
            for kind, href in self.formats
        )
        words = _("Also as:").to(self.language)
        return f"{escape(words)} {links}" if links else ""


def banners(
    language: Language, watermark: Text | None, *, approved: bool = False
) -> tuple[str, ...]:
    """What every page of every format says first; a translation is a draft until it is approved."""
    said = (watermark, DRAFT if is_draft(language) and not approved else None)
    return tuple(words.to(language) for words in said if words is not None)
