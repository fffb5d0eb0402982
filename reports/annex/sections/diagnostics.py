"""Whether what the methods take for granted holds."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import READINGS, Road, percent, three_figures
from reports.annex.main import ARMS, here, main_road, p_value, ratio
from reports.cells import counted, notes, value
from reports.writing import Block, grid, heading, page, prose

SMALL = 0.05
"""A p below it speaks against proportional hazards."""


def section(release: Release, language: Language) -> Markdown:
    """Dispersion, dominance, proportional hazards, crossing over."""
    return page(
        language,
        heading(2, _("Diagnostics: whether the methods fit the data")),
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
        heading(3, _("Dispersion: how episodes are spread over children")),
        prose(
            _(
                "Were episodes spread by chance alone (Poisson), dispersion would be 0. Above it, an "
                "interval that takes them for Poisson is too narrow. The main figure’s comes from a "
                "bootstrap of whole children, so it assumes no such spread. It still takes for "
                "granted that children go missing independently of each other, and that there are "
                "enough of them: with few children, or where few had most of the episodes, it can be "
                "too narrow."
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
                (_("Dispersion (alpha)"), "right"),
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
        heading(3, _("Proportional hazards: one ratio for the whole window")),
        prose(_proportional(p)),
        grid(
            "hazards",
            _("Hazard ratio to the next episode, weighted"),
            [(_("Time"), "left"), (_("Hazard ratio (interval)"), "right"), (_("Children with an episode"), "right")],
            [(title, ratio(ratios[part]), counted(ratios[part], "events")) for part, title in parts.items()],
        ),
        notes(ratios.values()),
        *_beside_main(main_road(release), Road(ratios["whole"])),
    ]  # fmt: skip


def _beside_main(main: Road, hazards: Road) -> list[Block | None]:
    """Why the two may read differently, where they do."""
    if main.side is None or hazards.side is None or main.side == hazards.side:
        return []
    return [
        prose(
            _(
                "Read by its own interval, the hazard ratio of the whole window says: {hazards}; the "
                "main figure says: {main}. They ask different things. The hazard ratio asks when the "
                "first episode comes, of each child once; the main figure counts every episode, so "
                "that children with many weigh more. The limits of the hazard ratio take the weights "
                "for known, while those of the main figure allow for their being estimated. The plan "
                "names the main figure alone, and nothing is claimed from this one.",
                hazards=READINGS[hazards.side],
                main=READINGS[main.side],
            )
        )
    ]


def _proportional(p: Figure) -> Text:
    if p.value is None:
        return _("Whether the hazards are proportional could not be tested.")
    if p.value < SMALL:
        return _(
            "The test speaks against one ratio for the whole window ({p}): read the halves, "
            "and the days free of episodes among the sensitivity analyses.",
            p=p_value(p),
        )
    return _(
        "The test does not speak against one ratio for the whole window ({p}). With few "
        "episodes it would miss all but a large change.",
        p=p_value(p),
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
