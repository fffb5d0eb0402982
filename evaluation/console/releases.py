"""How much of an analysis may leave, and what has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.console.speaking import say
from evaluation.language import Language, Text, _
from evaluation.nouns import Provider, Release
from evaluation.returns.receipting import on_the_clock
from evaluation.store import Approval, Released

Left = Sequence[tuple[Released, Sequence[Approval]]]
"""The releases of a quarter, and who has approved each."""


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


def show_left(left: Left, providers: Mapping[str, Provider], language: Language) -> None:
    """Which releases of a quarter have left, when, and who has approved what of each."""
    if not left:
        say(_("Releases: none has left."), language)
        return
    say(_("Releases:"), language)
    for one, signed in left:
        say(
            _(
                "  {report}, made on {day}. Approved: {approved}.",
                report=_report(one, providers),
                day=on_the_clock(one.made_at).date(),
                approved=tuple(_signature(each) for each in signed) or _("nothing yet"),
            ),
            language,
        )


def left_as_json(left: Left) -> list[dict[str, Any]]:
    """The same for a program."""
    return [
        {
            "id": one.id,
            "report": one.report,
            "provider": one.provider,
            "profile": one.profile,
            "snapshot": one.snapshot,
            "sha256": one.sha256,
            "made_at": one.made_at.isoformat(),
            "approved": [
                {"what": each.what, "by": each.by, "at": each.at.isoformat()} for each in signed
            ],
        }
        for one, signed in left
    ]


def _report(one: Released, providers: Mapping[str, Provider]) -> Text:
    if one.provider is not None:
        known = providers.get(one.provider)
        whose = known.title if known else Text(one.provider)
        return _("The report to {provider} (internal)", provider=whose)
    return _REPORTS.get(one.report, Text(one.report))


_REPORTS = {
    "quarterly": _("The quarterly report"),
    "annex": _("The evaluator’s annex (internal)"),
}


def _signature(signed: Approval) -> Text:
    return _("{what} by {by}", what=APPROVED[signed.what], by=signed.by)


APPROVED = {
    "release": _("the release"),
    "en": _("its English text"),
    "cy": _("its Welsh text"),
}
"""What a person can sign, in words."""
