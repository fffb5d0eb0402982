"""The same report in the other language: where it stands and the words that lead there."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from evaluation.language import Language, _

IN_WORDS = {"en": _("Read this report in English"), "cy": _("Read this report in Welsh")}

STANDS = {
    "en": _("This report is also published in English."),
    "cy": _("This report is also published in Welsh."),
}


def other_than(language: Language) -> Language:
    """The other of the two languages."""
    return "cy" if language == "en" else "en"


@dataclass(frozen=True, slots=True)
class Other:
    """The report in `language`, at `href` as seen from this page."""

    language: Language
    href: str

    @property
    def words(self) -> str:
        """The link's words, in the language that they lead to."""
        return IN_WORDS[self.language].to(self.language)

    @property
    def stands(self) -> str:
        """That it is published too, in the language that it is in."""
        return STANDS[self.language].to(self.language)

    @property
    def link(self) -> str:
        """The link as HTML, marked with its language for those who hear it read."""
        lang = self.language
        return f'<a href="{escape(self.href)}" lang="{lang}" hreflang="{lang}">{escape(self.words)}</a>'
