"""What a release is made of, in a table and a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluation.language import Text, _
from evaluation.nouns import Release
from reports.banners import INVENTED
from reports.reading import body_of, is_invented
from reports.writing import Block, Words, grid

TOOLKIT = "outcome-evaluation"
"""The name of this project among the versions."""


def particulars(release: Release) -> Block:
    """A row for each thing that is needed to make the release again."""
    return _table(
        [
            (_("Body"), body_of(release).name),
            *_made(release),
            (_("Plan (SHA-256, its beginning)"), release.plan[:16]),
            *versions(release),
        ]
    )


def in_short(release: Release) -> Block:
    """The rows by which a reader who makes nothing again can say which report is meant."""
    return _table([*_made(release), *_data(release), *_versions(release, [TOOLKIT])])


def _made(release: Release) -> list[tuple[Words, Words]]:
    return [
        (_("Quarter"), release.quarter.title),
        (_("Made on"), _("{day}", day=release.made_on)),
        (_("Snapshot of the returns"), release.snapshot),
    ]


def _table(told: Sequence[tuple[Words, Words]]) -> Block:
    return grid(
        "particulars",
        _("Particulars of the release"),
        [(_("What"), "left"), (_("Which"), "left")],
        told,
    )


def versions(release: Release) -> list[tuple[Words, Words]]:
    """What the figures were made with, and whether their data are invented."""
    names = sorted(name for name in release.versions if name != "data")
    return _data(release) + _versions(release, names)


def _data(release: Release) -> list[tuple[Words, Words]]:
    return [(_("Data"), _("Invented"))] if is_invented(release) else []


def _versions(release: Release, names: Iterable[str]) -> list[tuple[Words, Words]]:
    return [
        (_("Version of {name}", name=name), release.versions[name])
        for name in names
        if name in release.versions
    ]


def disclosure(release: Release) -> Text:
    """How its numbers may leave."""
    fewest, base = (int(str(release.policy.get(name, 0))) for name in ("fewest_children", "base"))
    if not release.policy.get("watermarked"):
        return _(
            "Figures from 1 to {most} children are withheld. Other counts of children and "
            "episodes are rounded to the nearest {base}, so that parts may not add up to their "
            "total.",
            most=fewest - 1,
            base=base,
        )
    if fewest <= 1 and base == 1:
        return _("Internal profile: counts are exact, and nothing is withheld.")
    return _(
        "Internal profile: figures from fewer than {fewest} children are withheld, and counts are "
        "rounded to the nearest {base}.",
        fewest=fewest,
        base=base,
    )


def remarks(release: Release) -> list[Text]:
    """What must be known of every number, for who meets the tables without the report."""
    return [*([INVENTED] if is_invented(release) else []), disclosure(release)]
