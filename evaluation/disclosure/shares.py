"""Shares, curves and differences that are one another's other side: withheld together."""

from __future__ import annotations

from dataclasses import replace

from evaluation.disclosure.arms import CONTRAST
from evaluation.disclosure.policy import SCALES
from evaluation.nouns import Figure


def with_other_side(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Where a withheld share can be worked out from another figure, withhold that too.

    A share is one less the curve of the same arm on the same day, so that a curve that is cut
    cuts the shares of later days too; and one arm's share is the other's and their difference.
    What can be worked out from counts comes after, over the whole release (`secondary`).
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
    against = {  # the groups that others are measured from have no difference of their own
        (_place(figure), figure.group)
        for figure in figures
        if SCALES.get(figure.measure) == "points" and figure.why_not == "no_comparison"
    }

    def gives_away(figure: Figure) -> bool:
        scale = SCALES.get(figure.measure)
        if scale == "points":
            if figure.group == CONTRAST:
                return _place(figure) in places
            own = {(_place(figure), figure.group)}
            return bool((own | {each for each in against if each[0] == _place(figure)}) & hidden)
        return scale in scales and (_place(figure), figure.group) in hidden

    return tuple(
        without(figure, "complement") if figure.withheld is None and gives_away(figure) else figure
        for figure in figures
    )


def _goes_on(figure: Figure, cut: Figure) -> bool:
    """True of a figure of the same arm, on the day on which its curve was cut or later."""
    return (*_place(figure)[:3], figure.group) == (*_place(cut)[:3], cut.group) and (
        figure.days or 0
    ) >= (cut.days or 0)


def _place(figure: Figure) -> tuple[str, str | None, str | None, int | None]:
    return figure.section, figure.cohort, figure.outcome, figure.days


def without(figure: Figure, reason: str) -> Figure:
    """The figure withheld: its place and the reason, and no number."""
    nothing = dict.fromkeys(("children", "of", "events", "value", "low", "high"))
    return replace(figure, **nothing, withheld=reason)  # type: ignore[arg-type]


def silent(figure: Figure) -> Figure:
    """A withheld figure without what its counts decided: why it has no value, and its method.

    'Nothing was recorded to count' says that its base is none; a model's method, that its group
    was large enough for the model.
    """
    return replace(figure, why_not=None, method="", unmet=())
