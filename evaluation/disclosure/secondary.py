"""Secondary suppression: a withheld figure must not be worked out from the released ones."""

from __future__ import annotations

from dataclasses import replace

from evaluation.disclosure.policy import SCALES
from evaluation.nouns import Figure


def withhold_more(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Where a withheld figure can be worked out from released ones, withhold those too.

    A share is one less the curve of the same arm on the same day, and one arm's share is the
    other's and their difference. A part and its rest are withheld together already
    (`_complement`). Totals, sub-totals, earlier releases and dominance come here, over the whole
    release at once.
    """
    scales = {"share", "curve"}
    hidden = {
        (_place(figure), figure.group)
        for figure in figures
        if figure.withheld and SCALES.get(figure.measure) in scales
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


def _place(figure: Figure) -> tuple[str, str | None, str | None, int | None]:
    return figure.section, figure.cohort, figure.outcome, figure.days


def _nothing_of(figure: Figure) -> Figure:
    nothing = dict.fromkeys(("children", "of", "events", "value", "low", "high"))
    return replace(figure, **nothing, withheld="complement")  # type: ignore[arg-type]
