"""How alike the arms are in each covariate, before and after weighting."""

from __future__ import annotations

from pathlib import Path

from IPython.display import Markdown

from evaluation.drawing import love_plot
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import REASONS, decimals, three_figures
from reports.annex.covariates import TITLES, WHY_LEFT_OUT, column
from reports.annex.main import all_here, here
from reports.cells import notes, value
from reports.writing import Block, bullets, grid, heading, page, picture, plain, prose

GOOD = 0.1
"""Below this a standardised difference is called balance (Austin 2009)."""


def section(release: Release, language: Language) -> Markdown:
    """The love plot, its numbers, and what the model of who is referred does not hold."""
    before, after = all_here(release, "smd_before"), all_here(release, "smd_after")
    return page(
        language,
        heading(2, _("Balance: how alike the groups are")),
        *(_balance(release, before, after) if after else [_none(release)]),
    )


def _balance(
    release: Release, before: tuple[Figure, ...], after: tuple[Figure, ...]
) -> list[Block | None]:
    by_column = {figure.group: figure for figure in before}
    ratios = {figure.group: figure for figure in all_here(release, "variance_ratio_after")}
    rows = [(figure.group, by_column.get(figure.group), figure) for figure in after]
    return [
        prose(
            _(
                "A standardised difference is the difference of the groups’ means, in standard "
                "deviations of the children referred. Weighting should bring each below 0.10. A "
                "variance ratio near 1 says that the groups are spread alike, too; an answer that "
                "is yes or no has none. Whether a covariate is in the model or not, it is shown."
            ),
            _(
                "An answer that few children have can differ widely by chance, and the model cannot "
                "hold it. A claim is forbidden only by a difference above 0.25 that chance does not "
                "explain."
            ),
        ),
        _picture(rows),
        grid(
            "balance",
            _("Standardised differences, and variance ratios after weighting"),
            [
                (_("What is recorded"), "left"),
                (_("Before"), "right"),
                (_("After"), "right"),
                (_("Variance ratio after"), "right"),
            ],
            [
                (
                    column(name),
                    value(was, decimals),
                    value(now, decimals),
                    value(ratios[name], three_figures) if name in ratios else "–",
                )
                for name, was, now in rows
            ],
        ),
        notes([figure for _name, *both in rows for figure in both]),
        *_left_out(release),
    ]


def _left_out(release: Release) -> list[Block | None]:
    left_out = all_here(release, "covariate_left_out")
    if not left_out:
        return [prose(_("The model of who is referred holds every covariate that the plan names."))]
    return [
        prose(_("Covariates that the model of who is referred does not hold, and why:")),
        bullets(
            _(
                "{covariate}: {why}.",
                covariate=TITLES.get(figure.group, Text(figure.group)),
                why=WHY_LEFT_OUT.get(figure.why_not or "", Text(figure.why_not or "")),
            )
            for figure in left_out
        ),
    ]


def _none(release: Release) -> Block:
    figure = here(release, "largest_imbalance_after")
    reason = REASONS.get((figure.why_not if figure else None) or "no_comparison")
    return prose(_("The groups could not be made alike, because {reason}.", reason=reason or ""))


def _picture(rows: list[tuple[str, Figure | None, Figure]]) -> Block | None:
    held = [(name, was, now) for name, was, now in rows if now.value is not None]
    if not held:
        return None
    name, _was, worst = max(held, key=lambda row: abs(row[2].value or 0))
    beyond = sum(abs(now.value or 0) > GOOD for _name, _before, now in held)
    was_beyond = sum(abs((was.value if was else 0) or 0) > GOOD for _name, was, _now in held)

    def draw(to: Path, language: Language) -> None:
        love_plot.draw(
            tuple(
                love_plot.Row(plain(column(name), language), was.value if was else None, now.value)
                for name, was, now in rows
            ),
            to,
            x_title=plain(_("Standardised difference, without its sign"), language),
            before=plain(_("Before weighting"), language),
            after=plain(_("After weighting"), language),
            good=GOOD,
            good_words=plain(_("0.10"), language),
            withheld=plain(_("not available"), language),
        )

    return picture(
        "balance",
        _("How alike the groups are in what is recorded, before and after weighting"),
        _(
            "Two points for each thing recorded. Above 0.10 before weighting: {before} of {all}; "
            "after: {after}. The largest after weighting is {smd}, of: {covariate}.",
            before=was_beyond,
            after=beyond,
            all=len(held),
            smd=decimals(abs(worst.value or 0)),
            covariate=column(name),
        ),
        draw,
    )
