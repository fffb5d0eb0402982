"""From the children discussed to the children compared: a picture, and its numbers."""

from __future__ import annotations

from pathlib import Path

from evaluation.drawing import flow_diagram
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from reports.cells import counted, in_words, tabled
from reports.quarterly import comparison
from reports.writing import Block, picture, plain

FLOW = {
    "discussed": _("All children discussed at a meeting"),
    "never_met_trigger": _("Left out: never met the trigger"),
    "not_a_child": _("Left out: 18 or over, or not in the children’s return"),
    "already_referred": _("Left out: referred before, or already supported"),
    "referred_elsewhere": _("Left out: referred to another service at that meeting"),
    "short_history": _("Left out: too little history on record"),
    "no_follow_up": _("Left out: no follow-up on record"),
    "referred": _("Compared: referred at that meeting"),
    "not_referred": _("Compared: not referred at that meeting"),
}

_KEPT = ("referred", "not_referred")


def can_be_drawn(release: Release) -> bool:
    """Whether the release holds where the flow begins."""
    return "discussed" in _told(release)


def drawn(release: Release) -> Block | None:
    """The picture; None where the release does not hold where the flow begins."""
    told = _told(release)
    if not can_be_drawn(release):
        return None
    left_out = [group for group in told if group != "discussed" and group not in _KEPT]

    def box(group: str, language: Language) -> flow_diagram.Box:
        return flow_diagram.Box(plain(_title(group), language), counted(told.get(group)))

    def draw(to: Path, language: Language) -> None:
        flow_diagram.draw(
            box("discussed", language),
            tuple(box(group, language) for group in left_out),
            tuple(box(group, language) for group in _KEPT),
            to,
        )

    return picture(
        "flow",
        _("From the children discussed to the children compared"),
        _(
            "Boxes from top to bottom. {steps}.",
            steps=tuple(
                _(
                    "{title}: {number}",
                    title=_title(group),
                    number=in_words(counted(told.get(group))),
                )
                for group in ("discussed", *left_out, *_KEPT)
            ),
        ),
        draw,
    )


def table(release: Release) -> list[Block | None]:
    """Every box of the picture."""
    told = _told(release)
    if not told:
        return []
    return [
        *tabled(
            "flow",
            _("From the children discussed to the children compared"),
            [(_("Children"), "left"), (_("Number of children"), "right")],
            [(_title(group), counted(figure)) for group, figure in told.items()],
            told.values(),
        ),
    ]


def _told(release: Release) -> dict[str, Figure]:
    return {figure.group: figure for figure in comparison.all_of(release, "flow")}


def _title(group: str) -> Text:
    return FLOW.get(group, Text(group))
