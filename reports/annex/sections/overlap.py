"""Whom there is to compare with, and what the weights leave."""

from __future__ import annotations

from IPython.display import Markdown

from analyses.annex.overlap import bands
from evaluation.language import Language, _
from evaluation.nouns import Release
from evaluation.wording import decimals, percent, three_figures
from reports.annex.main import ARMS, all_here, days_of, here
from reports.cells import counted, notes, value
from reports.reading import find
from reports.writing import Block, grid, heading, page, prose


def section(release: Release, language: Language) -> Markdown:
    """Chances of referral in both arms, then the weights, then those of the trials."""
    return page(
        language,
        heading(2, _("Overlap: whom there is to compare with")),
        prose(
            _(
                "Each child has a propensity, the chance of being referred, judged from what was "
                "recorded on that day. Where one group has chances that the other has not, there is nobody to "
                "compare with, and weights cannot mend it."
            )
        ),
        *_bands(release),
        *_weights(release),
        *_staying(release),
    )


def _bands(release: Release) -> list[Block | None]:
    held = {figure.group: figure for figure in all_here(release, "score_band")}
    if not held:
        return [prose(_("This release does not hold the chances of referral."))]
    rows = [[held.get(f"{arm}/{band}") for arm in ARMS] for band in bands()]
    return [
        grid(
            "overlap",
            _("Children by propensity (their chance of being referred)"),
            [
                (_("Propensity"), "left"),
                *((title, "right") for title in ARMS.values()),
                *((_("{arm}, share", arm=title), "right") for title in ARMS.values()),
            ],
            [
                (
                    band.replace("-", "–"),
                    *(counted(figure) for figure in row),
                    *(value(figure, percent) for figure in row),
                )
                for band, row in zip(bands(), rows, strict=True)
            ],
        ),
        notes([figure for row in rows for figure in row]),
    ]


def _weights(release: Release) -> list[Block | None]:
    children = [here(release, "episodes_per_100_child_days", group=arm) for arm in ARMS]
    worth = [here(release, "effective_referred"), here(release, "effective_children")]
    outside = [here(release, "outside_common_support", group=arm) for arm in ARMS]
    heaviest = [here(release, "largest_weight_share", group=arm) for arm in ARMS]
    heavy = [here(release, "weights_above_10", group=arm) for arm in ARMS]
    if not any(outside):
        return []
    return [
        grid(
            "weights",
            _("What the weights leave of each group"),
            [(_("Measure"), "left"), *((title, "right") for title in ARMS.values())],
            [
                (_("Children whose window is complete"), *map(counted, children)),
                (_("Effective sample size (worth so many unweighted children)"), *(value(f, three_figures) for f in worth)),
                (
                    _("Outside common support (a propensity that nobody of the other group has)"),
                    *(value(f, percent) for f in outside),
                ),
                (_("Largest weight of one child, as a part of the group’s"), *(value(f, decimals) for f in heaviest)),
                (_("Children with a weight above 10"), *(value(f, percent) for f in heavy)),
            ],
        ),
        notes([*children, *worth, *outside, *heaviest, *heavy]),
    ]  # fmt: skip


def _staying(release: Release) -> list[Block | None]:
    place = {"section": "re_missing", "cohort": "referred_now", "days": days_of(release)}
    weights = {figure.group: figure for figure in find(release, "weight_of_staying", **place)}
    later = find(release, "referred_later", **place)
    worth = find(release, "effective_children", **place)
    if not weights:
        return []
    return [
        prose(
            _(
                "In the sequential trials, children who are not referred yet are censored when they "
                "are, and children like them who stay stand for them by inverse probability of "
                "censoring weights. Trials of the comparison arm that end so: {later}. The weight: "
                "{mean} on average, {largest} at most (near 1 is good). Effective sample size of the "
                "comparison arm: {children}.",
                later=value(next(iter(later), None), percent),
                mean=value(weights.get("mean"), three_figures),
                largest=value(weights.get("largest"), three_figures),
                children=value(next(iter(worth), None), three_figures),
            )
        )
    ]
