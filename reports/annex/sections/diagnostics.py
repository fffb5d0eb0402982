"""Whether what the methods take for granted holds."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import decimals, percent, three_figures
from reports.annex.main import ARMS, here, ratio
from reports.cells import counted, notes, value
from reports.writing import Block, grid, heading, page, prose

SMALL = 0.05
"""A p below it speaks against proportional hazards."""


def section(release: Release, language: Language) -> Markdown:
    """Dispersion, dominance, proportional hazards, crossing over."""
    return page(
        language,
        heading(2, _("Whether the methods fit the data")),
        *_counts(release),
        *_hazards(release),
        *_crossing(release),
    )


def _counts(release: Release) -> list[Block | None]:
    groups: dict[str, Text] = {**ARMS, "both_arms": _("Both groups")}
    rows = {
        group: [
            here(release, "mean_events", group=group),
            here(release, "dispersion", group=group),
            here(release, "events_of_most_frequent_fifth", group=group),
        ]
        for group in groups
    }
    if not any(figure for row in rows.values() for figure in row):
        return [prose(_("This release does not hold how episodes are spread over children."))]
    return [
        heading(3, _("How episodes are spread over children")),
        prose(
            _(
                "Were episodes spread by chance alone, dispersion would be 0. Above it, intervals "
                "that take chance for granted are too narrow; those here come from whole children "
                "drawn again, which takes nothing for granted."
            ),
            _("Whether the answer hangs on one child is among the sensitivity analyses."),
        ),
        grid(
            "spread",
            _("Episodes within the window"),
            [
                (_("Group"), "left"),
                (_("Children"), "right"),
                (_("Mean number of episodes"), "right"),
                (_("Dispersion"), "right"),
                (_("Episodes of the fifth with most"), "right"),
            ],
            [
                (
                    title,
                    counted(rows[group][0]),
                    value(rows[group][0], three_figures),
                    value(rows[group][1], three_figures),
                    "–" if group == "both_arms" else value(rows[group][2], percent),
                )
                for group, title in groups.items()
            ],
        ),
        notes(f for g, row in rows.items() for f in (row[:2] if g == "both_arms" else row)),
    ]


def _hazards(release: Release) -> list[Block | None]:
    p = here(release, "proportional_hazards_p")
    if p is None:
        return []
    parts = {
        "whole": _("The whole window"),
        "early": _("Its first half"),
        "late": _("Its second half, children without an episode so far"),
    }
    ratios = {part: here(release, "first_episode_hazard_ratio", group=part) for part in parts}
    return [
        heading(3, _("One ratio for the whole window")),
        prose(_proportional(p)),
        grid(
            "hazards",
            _("Hazard ratio to the next episode, weighted"),
            [(_("Time"), "left"), (_("Hazard ratio (interval)"), "right"), (_("Children with an episode"), "right")],
            [(title, ratio(ratios[part]), counted(ratios[part], "events")) for part, title in parts.items()],
        ),
        notes(ratios.values()),
    ]  # fmt: skip


def _proportional(p: Figure) -> Text:
    if p.value is None:
        return _("Whether the hazards are proportional could not be tested.")
    if p.value < SMALL:
        return _(
            "The test speaks against one ratio for the whole window (p = {p}): read the halves, "
            "and the days free of episodes among the sensitivity analyses.",
            p=decimals(p.value),
        )
    return _(
        "The test does not speak against one ratio for the whole window (p = {p}). With few "
        "episodes it would miss all but a large change.",
        p=decimals(p.value),
    )


def _crossing(release: Release) -> list[Block | None]:
    crossed = here(release, "crossed_over")
    if crossed is None:
        return []
    return [
        heading(3, _("Crossing over")),
        prose(
            _(
                "Of {of} children of the comparison group who could be seen through the window, "
                "{children} were referred at a later meeting ({share}). Comparing by the first "
                "meeting counts them as not referred, which hides part of an effect; the comparison "
                "of children referred now stops counting them on that day.",
                of=counted(crossed, "of"),
                children=counted(crossed),
                share=value(crossed, percent),
            )
        ),
        notes([crossed]),
    ]
