"""How much of an analysis may leave."""

from __future__ import annotations

from pathlib import Path

from evaluation.console.speaking import say
from evaluation.language import Language, _
from evaluation.nouns import Release


def show_export(folder: Path, language: Language) -> None:
    """Where the tables for the evaluator are, and that they must stay."""
    say(
        _(
            "For the evaluator alone: {folder}. It holds children’s rows and must not leave; "
            "its README says how to read and keep it.",
            folder=str(folder),
        ),
        language,
    )


def show_release(release: Release, path: Path, language: Language) -> None:
    """How much may leave, and where it is; and whether the plan was the registered one."""
    if release.claiming.departs:
        say(
            _(
                "This plan departs from the registered one in: {entries}. Its answers are "
                "exploratory, and no claim is made from them.",
                entries=", ".join(release.claiming.departs),
            ),
            language,
        )
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
