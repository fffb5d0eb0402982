"""Secondary suppression: a withheld figure must not be worked out from the released ones."""

from __future__ import annotations

from dataclasses import replace

from evaluation.disclosure.policy import SCALES
from evaluation.nouns import Figure


def withhold_more(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Where a withheld figure can be worked out from released ones, withhold those too.

    A share is one less the curve of the same arm on the same day, so that a curve that is cut
    cuts the shares of later days too; and one arm's share is the other's and their difference. A part and its rest are withheld together already
    (`_complement`). Totals, sub-totals, earlier releases and dominance come here, over the whole
    release at once.
    """
    scales = {"share", "curve"}
    hidden = {
        (_place(figure), figure.group)
        for figure in figures
        if figure.withheld and SCALES.get(figure.measure) in scales
    }
    cuts = [figure for figure in figures if figure.withheld == "few_at_risk"]
    hidden |= {
        (_place(figure), figure.group)
        for figure in figures
        if SCALES.get(figure.measure) in scales
        and figure.value is not None
        and any(_goes_on(figure, cut) for cut in cuts)
    }
    places = {place for place, _group in hidden}

    def gives_away(figure: Figure) -> bool:
        scale = SCALES.get(figure.measure)
        if scale == "points":
            return _place(figure) in places
        return scale in scales and (_place(figure), figure.group) in hidden

    return tuple(
        _nothing_of(figure) if figure.withheld is None and gives_away(figure) else figure
        for figure in figures
    )


def _goes_on(figure: Figure, cut: Figure) -> bool:
    """True of a figure of the same arm, on the day on which its curve was cut or later."""
    return (*_place(figure)[:3], figure.group) == (*_place(cut)[:3], cut.group) and (
        figure.days or 0
    ) >= (cut.days or 0)


def _place(figure: Figure) -> tuple[str, str | None, str | None, int | None]:
    return figure.section, figure.cohort, figure.outcome, figure.days


def _nothing_of(figure: Figure) -> Figure:
    nothing = dict.fromkeys(("children", "of", "events", "value", "low", "high"))
    return replace(figure, **nothing, withheld="complement")  # type: ignore[arg-type]
