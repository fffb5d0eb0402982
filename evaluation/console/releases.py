"""How much of an analysis may leave."""

from __future__ import annotations

from pathlib import Path

from evaluation.console.speaking import say
from evaluation.language import Language, _
from evaluation.nouns import Release


def show_release(release: Release, path: Path, language: Language) -> None:
    """How much may leave, and where it is."""
    withheld = sum(figure.withheld is not None for figure in release.figures)
    say(
        _(
            "Figures released: {shown}. Withheld: {withheld}.",
            shown=len(release.figures) - withheld,
            withheld=withheld,
        ),
        language,
    )
    say(_("Written: {file}", file=str(path)), language)
