"""From the children discussed to the children compared, and from meetings to trials."""

from __future__ import annotations

from pathlib import Path

from IPython.display import Markdown

from evaluation.drawing import flow_diagram
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from reports.annex.main import COHORT
from reports.cells import counted, notes, value
from reports.quarterly.flow import FLOW
from reports.reading import find
from reports.writing import Block, Words, grid, heading, page, picture, plain, prose

MEETINGS = FLOW | {
    "meetings": _("All meetings that discussed a child, by child"),
    "referred_that_day": _("Left out: referred that day, but not by the meeting"),
}


def section(release: Release, language: Language) -> Markdown:
    """The flow diagram and its numbers, then the same of the sequential trials."""
    flow = find(release, "flow", section="re_missing", cohort=COHORT)
    return page(
        language,
        heading(2, _("Flow: who is compared, and who is left out")),
        prose(
            _(
                "Each child counts once, at the first meeting at which the trigger was met. Who is "
                "left out counts for the first reason that holds, in this order; all reasons were "
                "known on that day."
            )
        ),
        *_children(flow),
        *_trials(release),
    )


def _children(flow: tuple[Figure, ...]) -> list[Block | None]:
    if not flow:
        return [prose(_("This release does not hold who was compared."))]
    return [
        _picture(flow),
        grid(
            "flow",
            _("From the children discussed to the children compared"),
            [(_("Children"), "left"), (_("Number of children"), "right")],
            [(_title(figure), counted(figure)) for figure in flow],
        ),
        notes(flow),
    ]


def _trials(release: Release) -> list[Block | None]:
    flow = find(release, "flow", section="re_missing", cohort="referred_now")
    if not flow:
        return []
    return [
        heading(3, _("Sequential trials: each meeting as a trial of its own")),
        prose(
            _(
                "To compare children referred now, every eligible meeting begins a trial of its own, so "
                "that a child may be in several, and in both arms."
            )
        ),
        grid(
            "flow-trials",
            _("From the meetings to the trials"),
            [
                (_("Meetings with a child"), "left"),
                (_("Number of meetings"), "right"),
                (_("Number of children"), "right"),
            ],
            [(_title(figure), value(figure, _whole), counted(figure)) for figure in flow],
        ),
        notes(flow),
    ]


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def _title(figure: Figure) -> Text:
    return MEETINGS.get(figure.group, Text(figure.group))


def _picture(flow: tuple[Figure, ...]) -> Block | None:
    first, *rest = flow
    kept = [figure for figure in rest if figure.group in {"referred", "not_referred"}]
    left_out = [figure for figure in rest if figure not in kept]
    if first.children is None or not kept:
        return None

    def draw(to: Path, language: Language) -> None:
        def box(figure: Figure) -> flow_diagram.Box:
            return flow_diagram.Box(plain(_title(figure), language), counted(figure))

        flow_diagram.draw(box(first), tuple(map(box, left_out)), tuple(map(box, kept)), to)

    said: Words = _(
        "One box leads down to two. Discussed: {all} children. Left out on the way: {out}. "
        "Compared: {referred} referred and {others} not referred.",
        all=counted(first),
        out=_sum(left_out),
        referred=counted(kept[0]),
        others=counted(kept[-1]),
    )
    return picture("flow", _("Who is compared, and who is left out on the way"), said, draw)


def _sum(figures: list[Figure]) -> str:
    known = [figure.children for figure in figures]
    if any(count is None for count in known):
        return "[c]"
    return f"{sum(count or 0 for count in known):,}"
