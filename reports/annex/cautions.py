"""What weakens a road and not the main figure: an evaluator should not lean on such a line."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from evaluation.language import Text, _
from evaluation.nouns import Release
from evaluation.wording import ASSUMPTIONS, Road
from reports.annex.main import days_of, ratio
from reports.annex.roads import Row
from reports.reading import one, primary
from reports.writing import Block, bullets, prose


def weakens(release: Release, row: Row) -> tuple[str, ...]:
    """The codes of what does not hold behind a road's figure, and not behind the main one's too."""
    if row.figure is None or row.figure.value is None:
        return ()
    main = primary(release)
    return tuple(code for code in row.figure.unmet if main is None or code not in main.unmet)


def cautions(release: Release, told: Iterable[Row]) -> list[Block | None]:
    """Lines that the same weakens stand together, before what it is."""
    lines: dict[tuple[str, ...], list[Text]] = {}
    for row in told:
        if codes := weakens(release, row):
            lines.setdefault(codes, []).append(row.title)
    if not lines:
        return []
    return [
        prose(_("Caution: what weakens these lines, besides what weakens the main figure.")),
        bullets(
            _(
                "{lines}. {caution}",
                lines=reduce(_and_then, titles),
                caution=reduce(_beside, (ASSUMPTIONS.get(code, Text(code)) for code in codes)),
            )
            for codes, titles in lines.items()
        ),
    ]


def halves(release: Release) -> list[Block | None]:
    """Referred now joins weights and a model: what each says alone, where the two read differently."""
    weighted, modelled = (
        one(release, measure, section="re_missing", cohort="referred_now", days=days_of(release))
        for measure in ("weighted_rate_ratio", "modelled_rate_ratio")
    )
    by_weights, by_model = Road(weighted).side, Road(modelled).side
    if by_weights is None or by_model is None or by_weights == by_model:
        return []
    return [
        prose(
            _(
                "Referred now joins weights and a model, and the two halves read differently: "
                "{weights} by weights alone, {model} by a model alone. Where few children stay "
                "unreferred, the joint figure leans on the model. In invented returns with a known "
                "truth, weights alone came out about 70% too high, a model alone at most 5% "
                "(docs/decisions/0011-referred-now.md).",
                weights=ratio(weighted),
                model=ratio(modelled),
            )
        )
    ]


def _beside(first: Text, following: Text) -> Text:
    return _("{first} {next}", first=first, next=following)


def _and_then(first: Text, following: Text) -> Text:
    return _("{first}; {next}", first=first, next=following)
