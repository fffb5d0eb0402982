"""The first page: the main figure, what it rests on in a line each, and what weakens it."""

from __future__ import annotations

from IPython.display import Markdown

from analyses.services import ST_GILES
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import (
    ASSUMPTIONS,
    METHODS,
    agreement,
    decimals,
    percent,
    three_figures,
)
from evaluation.wording.numbers import confidence
from reports.annex.main import all_here, days_of, here, main_road, p_value, ratio, referred_now
from reports.annex.roads import others
from reports.banners import banners
from reports.cells import counted, notes, value
from reports.reading import primary
from reports.services import called
from reports.writing import Block, bullets, grid, heading, page, prose


def section(release: Release, language: Language) -> Markdown:
    """The main figure, and referred now beside it; how they stand; what is unmet."""
    main, other = primary(release), referred_now(release)
    return page(
        language,
        *banners(release),
        heading(2, _("In brief")),
        prose(
            _(
                "Do children who are referred to {service} after repeated missing episodes go "
                "missing less often afterwards than similar children who were not referred then? "
                "This annex shows what the answer rests on. What may be claimed stands in the "
                "quarterly report and nowhere else.",
                service=called(ST_GILES, release),
            )
        ),
        grid(
            "main",
            _("By the first meeting, and over every meeting: {days} days", days=days_of(release) or 0),
            [
                (_("Comparison"), "left"),
                (_("Rate ratio (interval)"), "right"),
                (_("Children"), "right"),
                (_("Episodes"), "right"),
            ],
            [
                (_("By what the first meeting decided"), ratio(main), counted(main), counted(main, "events")),
                (
                    _("Referred now beside not referred, over every meeting"),
                    ratio(other), counted(other), counted(other, "events"),
                ),
            ],
        ),
        notes([main, other]),
        _how(main, other),
        heading(3, _("How it stands")),
        bullets([*agreement(main_road(release), others(release)), *_stands(release)]),
        *_weakened(main, other),
    )  # fmt: skip


def _how(main: Figure | None, other: Figure | None) -> Block | None:
    """By what method each line was made, and how sure its interval is."""
    if main is None or main.value is None:
        return None
    second = other is not None and other.value is not None and other.method
    return prose(
        _("First line: {method}.", method=METHODS.get(main.method, Text(main.method))),
        _("Second line: {method}.", method=METHODS.get(second, Text(second))) if second else None,
        _("Level of the intervals: {level}.", level=confidence(main.confidence)),
    )


def _stands(release: Release) -> list[Text | None]:
    """Balance, overlap, the crossing over, and one ratio for the whole window: a line each."""
    worst = here(release, "largest_imbalance_after")
    worth = here(release, "effective_children", group="not_referred")
    outside = here(release, "outside_common_support", group="referred")
    crossed = here(release, "crossed_over")
    p = here(release, "proportional_hazards_p")
    return [
        _(
            "Balance: the largest standardised difference after weighting is {smd} (below 0.10 is good).",
            smd=value(worst, decimals),
        ),
        _("Effective sample size of the weighted comparison group: {children}.", children=value(worth, three_figures)),
        _(
            "Overlap: children referred with a propensity that nobody in the comparison group has: {share}.",
            share=value(outside, percent),
        ),
        _(
            "Crossing over: of the comparison group, referred at a later meeting within the window: {share}.",
            share=value(crossed, percent),
        ),
        _("Proportional hazards: {p} (below 0.05 speaks against one ratio for the window).", p=p_value(p))
        if all_here(release, "proportional_hazards_p")
        else None,
    ]  # fmt: skip


def _weakened(main: Figure | None, other: Figure | None) -> list[Block | None]:
    """What weakens the main figure, and what weakens the comparison over every meeting alone."""
    known = main.unmet if main else ()
    besides = [code for code in (other.unmet if other else ()) if code not in known]
    if not known and not besides:
        return []
    return [
        heading(3, _("What does not hold, or cannot be checked")),
        bullets(
            [
                *(ASSUMPTIONS.get(code, Text(code)) for code in known),
                *(
                    _("Over every meeting: {caution}", caution=ASSUMPTIONS.get(code, Text(code)))
                    for code in besides
                ),
            ]
        ),
    ]
