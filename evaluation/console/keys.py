"""What came of a list of identifiers: counts and row numbers, and nothing that it holds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.console.speaking import say
from evaluation.language import Language, Text, _

if TYPE_CHECKING:  # so that no other command waits for this room
    from evaluation.returns.keys import Made, Secret

TOLD = 20
"""Groups of rows that are printed; `--json` has them all."""

_ONE_CHILD = _("Rows that are one child: {rows}")
_ONE_SLIP = _("Rows to look at, one slip apart in a name: {rows}")


def show_secret(secret: Secret, path: Path, language: Language) -> None:
    """Where it is and what to do with it; never what it is."""
    say(_("Written: {file}", file=str(path)), language)
    say(
        _(
            "Keep a second copy in another safe place, and both apart from the returns and the "
            "store. If the secret is lost, no child's key can be made again; if it leaks, children "
            "can be told from their keys. More: docs/keys.md"
        ),
        language,
    )
    say(_("The secret's check: {check}", check=secret.check), language)


def show_made(made: Made, to: Path, language: Language) -> None:
    """What is wrong with the list, or what was written and which rows to look at."""
    for text in (*made.notes, *made.faults):
        say(text, language)
    if made.faults:
        say(_("Nothing was written."), language)
        return
    for message, groups in ((_ONE_CHILD, made.same), (_ONE_SLIP, made.alike)):
        for rows in groups[:TOLD]:
            say(Text(message.message, (("rows", tuple(map(str, rows))),)), language)
        if len(groups) > TOLD:
            say(
                _("Others of this kind: {n} (all of them with --json)", n=len(groups) - TOLD),
                language,
            )
    say(
        _(
            "Rows: {rows}. Children, each with one key: {children}. The secret's check: {check}",
            rows=made.rows,
            children=made.children,
            check=made.secret,
        ),
        language,
    )
    say(_("Written: {file}", file=str(to)), language)


def made_as_json(made: Made, to: Path, language: Language) -> dict[str, Any]:
    """The same for a program, with every row number."""
    return asdict(made) | {
        "notes": [text.to(language) for text in made.notes],
        "faults": [text.to(language) for text in made.faults],
        "lookup": None if made.faults else str(to),
    }
