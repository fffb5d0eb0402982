"""What a release is made of, in a table and a sentence."""

from __future__ import annotations

from evaluation.language import Text, _
from evaluation.nouns import Release
from reports.banners import INVENTED
from reports.reading import body_of, is_invented
from reports.writing import Block, Words, grid


def particulars(release: Release) -> Block:
    """A row for each thing that is needed to make the release again."""
    told: list[tuple[Words, Words]] = [
        (_("Body"), body_of(release).name),
        (_("Quarter"), release.quarter.title),
        (_("Made on"), _("{day}", day=release.made_on)),
        (_("Snapshot of the returns"), release.snapshot),
        (_("Plan (SHA-256, its beginning)"), release.plan[:16]),
        *versions(release),
    ]
    return grid(
        "particulars",
        _("Particulars of the release"),
        [(_("What"), "left"), (_("Which"), "left")],
        told,
    )


def versions(release: Release) -> list[tuple[Words, Words]]:
    """What the figures were made with, and whether their data are invented."""
    told: list[tuple[Words, Words]] = [(_("Data"), _("Invented"))] if is_invented(release) else []
    return told + [
        (_("Version of {name}", name=name), release.versions[name])
        for name in sorted(release.versions)
        if name != "data"
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
