"""A service's share by authority against the number of children: a funnel, never a ranking.

Its limits are reckoned here from the released, rounded counts and the released share of all.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analyses.services import Service
from evaluation.drawing import funnel_plot
from evaluation.estimating.charts import Funnel, funnel
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import count, percent
from reports.quarterly.places import authorities
from reports.writing import Block, picture, plain

FEWEST = 3
"""Fewer places make no picture: a table says as much."""


def drawn(
    release: Release, service: Service, whole: Figure | None, told: dict[str, Figure]
) -> list[Block | None]:
    """The picture and how to read it; nothing where the share of all or of most is not shown.

    `told` holds the figure of each authority by its code.
    """
    shown = {
        title: told[code]
        for code, title in authorities(release.body).items()
        if code in told and told[code].value is not None and told[code].of
    }
    if whole is None or whole.value is None or not 0 < whole.value < 1 or len(shown) < FEWEST:
        return []
    found = funnel(
        [figure.children or 0 for figure in shown.values()],
        [figure.of or 0 for figure in shown.values()],
        kind="proportion", target=whole.value, names=[title.message for title in shown],
    )  # fmt: skip
    outside = tuple(
        title
        for title, mark in zip(shown, found.points["marks"], strict=True)
        if mark == "outside_998"
    )

    def draw(to: Path, language: Language) -> None:
        funnel_plot.draw(
            tuple(
                funnel_plot.Place(plain(title, language), of.of or 0, of.value or 0, title in outside)
                for title, of in shown.items()
            ),
            to,
            centre=whole.value or 0,
            limits=_limits(found, max(figure.of or 0 for figure in shown.values())),
            x_title=plain(_("Children referred"), language),
            y_title=plain(_("With a first session within 90 days"), language),
            words=(
                _("All children: {share}", share=percent(whole.value)).to(language),
                _("1 place in 20 lies outside these by chance").to(language),
                _("1 place in 500 lies outside these by chance").to(language),
            ),
        )  # fmt: skip

    return [
        picture(
            f"{service.name.replace('_', '-')}-by-size",
            _("{service}: children with a first session, by authority", service=service.title),
            _(
                "A point an authority, and lines that draw together the more children there are. "
                "{shares}. {outside}",
                shares=tuple(_point(title, of) for title, of in shown.items()),
                outside=_said(outside),
            ),
            draw,
        ),
    ]  # fmt: skip


def _limits(found: Funnel, largest: int) -> funnel_plot.Limits:
    """The lines, from ten children to somewhat beyond the largest place."""
    lines = found.curve(np.arange(10, int(largest * 1.15) + 2))
    return funnel_plot.Limits(
        *(tuple(lines[name].astype(float)) for name in
          ("size", "low_95", "high_95", "low_998", "high_998"))
    )  # fmt: skip


def _point(title: Text, figure: Figure) -> Text:
    return _(
        "{name} {share} of {children}",
        name=title, share=percent(figure.value), children=count(figure.of),
    )  # fmt: skip


def _said(outside: tuple[Text, ...]) -> Text:
    if not outside:
        return _("All lie within the outer lines.")
    return _("Beyond the outer lines: {places}.", places=outside)
