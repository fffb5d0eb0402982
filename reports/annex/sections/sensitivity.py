"""The same question by every other road, and whether any would change the reading."""

from __future__ import annotations

from pathlib import Path

from IPython.display import Markdown

from evaluation.drawing import forest_plot
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import READINGS, agreement, because, percent, three_figures, would_change
from evaluation.wording.numbers import signed
from reports.annex.main import COHORT, all_here, days_of, main_road, ratio, referred_now, window
from reports.annex.roads import MADE_OF, WAYS, Kind, Row, over_windows, rows, title_of
from reports.cells import counted, notes, value, with_limits
from reports.reading import find, one, primary
from reports.writing import (
    Block,
    Words,
    bullets,
    grid,
    heading,
    page,
    picture,
    plain,
    prose,
    strong,
)


def section(release: Release, language: Language) -> Markdown:
    """Forest plot and table of all roads; then what is no ratio, and the closing sentences."""
    told = rows(release)
    said = agreement(main_road(release), (row.road for row in told))
    return page(
        language,
        heading(2, _("The same question by other roads")),
        prose(
            _(
                "Each line changes one thing and leaves the rest as the plan has it. The reading "
                "is the side of no difference on which the whole interval lies."
            )
        ),
        *(_picture(release, told, kind) for kind in KINDS),
        _table(release, told),
        *_weak(told),
        strong(said[0]),
        bullets(said[1:]),
        *_over_windows(release),
        *_unrecorded(release),
        *_two_services(release),
        *_sizes(release),
    )


def _table(release: Release, told: list[Row]) -> Block:
    main = main_road(release)
    return grid(
        "sensitivity",
        _("All sensitivity analyses, {days} days unless a line says otherwise", days=days_of(release) or 0),
        [
            (_("What is changed"), "left"),
            (_("Ratio (interval)"), "right"),
            (_("Children"), "right"),
            (_("Would the reading change?"), "left"),
        ],
        [
            (
                _("Nothing: the main figure"), ratio(main.figure), counted(main.figure),
                READINGS[main.side] if main.side else _closed(main.figure),
            ),
            *(
                (
                    row.title,
                    _number(row),
                    counted(row.figure),
                    would_change(main, row.road) or _closed(row.figure),
                )
                for row in told
            ),
        ],
    )  # fmt: skip


def _closed(figure: Figure | None) -> Words:
    """Why there is no reading, where there is none."""
    reason = because(figure)
    return _("cannot be made: {reason}", reason=reason) if reason else "–"


WEAK = frozenset({"few_children", "large_imbalance", "covariates_left_out"})


def _weak(told: list[Row]) -> list[Block]:
    """Roads that are themselves a bad comparison: an evaluator should not lean on them."""
    weak = [row.title for row in told if row.figure is not None and WEAK & set(row.figure.unmet)]
    if not weak:
        return []
    return [
        prose(
            _(
                "Do not lean on these lines: few children remain after weighting, or the groups "
                "are still far from alike."
            )
        ),
        bullets(weak),
    ]


def _number(row: Row) -> Words:
    """A ratio; of days until the next episode their difference, with its unit."""
    figure = row.figure
    if row.way.unit == "days" and figure is not None and figure.value is not None:
        return _("{number} days", number=with_limits(figure, _one_decimal))
    return ratio(figure)


def _one_decimal(number: float) -> str:
    return signed(f"{number:.1f}")


KINDS: dict[Kind, Text] = {
    "method": _("The main figure, and the same by other methods"),
    "episodes": _("The main figure, and the same of other episodes and windows"),
    "children": _("The main figure, and the same of other children"),
}
"""What the roads of a picture have in common. In one picture they would be too small to read."""


def _picture(release: Release, told: list[Row], kind: Kind) -> Block | None:
    """The main figure and the ratios of one kind; those of days are in the table alone."""
    main, other = primary(release), referred_now(release)
    ratios = [row for row in told if row.way.unit == "ratio" and row.way.kind == kind]
    if main is None or main.value is None or not ratios:
        return None
    road = main_road(release)
    agree = sum(row.road.direction == road.direction for row in ratios if row.road.direction)
    made = sum(row.road.direction is not None for row in ratios)

    def draw(to: Path, language: Language) -> None:
        def line(title: Words, figure: Figure | None, *, is_main: bool = False) -> forest_plot.Row:
            said = ratio(figure) if figure and figure.value is not None else _closed(figure)
            return forest_plot.Row(
                plain(title, language),
                figure.value if figure else None,
                figure.low if figure else None,
                figure.high if figure else None,
                plain(said, language),
                is_main=is_main,
            )

        forest_plot.draw(
            (
                line(_("Main figure: by what the first meeting decided"), main, is_main=True),
                line(
                    _("Referred now, over every meeting"),
                    other,
                    is_main=other is not None and other.role == "co_primary",
                ),
                *(line(row.title, row.figure) for row in ratios),
            ),
            to,
            x_title=plain(_("Ratio, on the scale of logarithms"), language),
            sides=(plain(_("← fewer"), language), plain(_("more →"), language)),
        )

    return picture(
        f"roads-{kind}",
        KINDS[kind],
        _(
            "A line for each road, with its interval. The main figure: {main}. Of {made} other "
            "ratios, {agree} lie on the same side of no difference.",
            main=ratio(main), made=made, agree=agree,
        ),
        draw,
    )  # fmt: skip


def _over_windows(release: Release) -> list[Block | None]:
    ways = {way.measure: way for way in WAYS if way.measure in MADE_OF}
    told = [
        (title_of(ways[measure], figure), figure, Row(ways[measure], Text(""), figure))
        for measure in MADE_OF
        for figure in over_windows(release, measure)
        if figure.days != days_of(release)
    ]
    if not told:
        return []
    return [
        heading(3, _("Other roads over other windows")),
        grid(
            "windows-roads",
            _("Roads that the plan asks for over every window"),
            [
                (_("What is changed"), "left"),
                (_("Window"), "right"),
                (_("Ratio (interval)"), "right"),
                (_("Children"), "right"),
            ],
            [(title, window(figure), _number(row), counted(figure)) for title, figure, row in told],
        ),
        notes(figure for _title, figure, _row in told if figure.value is None),
    ]


def _unrecorded(release: Release) -> list[Block | None]:
    point, limit = (
        one(release, "e_value", section="re_missing", group=end) for end in ("point", "limit")
    )
    if point is None:
        return []
    return [
        heading(3, _("What nobody recorded")),
        prose(
            _(
                "Something that nobody recorded could explain the main figure away if it went with "
                "both referral and episodes at a ratio of {point} or more, beyond all that was "
                "recorded. To bring the interval to no difference, {limit} would do.",
                point=value(point, three_figures),
                limit=value(limit, three_figures),
            ),
            _("At 1 the interval holds no difference already.")
            if limit is not None and limit.value == 1
            else None,
        ),
        notes([point, limit]),
    ]


def _two_services(release: Release) -> list[Block | None]:
    measures = {
        "other_service_before": _("Children with another service at time zero"),
        "other_service_within": _("Children with another service within the window"),
        "days_with_other_service": _("Days at risk with another service"),
    }
    told = {
        measure: [
            next(iter(all_here(release, measure, group=arm)), None)
            for arm in ("referred", "not_referred")
        ]
        for measure in measures
    }
    if not any(figure for pair in told.values() for figure in pair):
        return []
    return [
        heading(3, _("Two services at a time")),
        grid(
            "two-services",
            _("Children whom another service had taken on"),
            [(_("Measure"), "left"), (_("Referred"), "right"), (_("Not referred then"), "right")],
            [
                (title, *(value(figure, percent) for figure in told[measure]))
                for measure, title in measures.items()
            ],
        ),
        notes(figure for pair in told.values() for figure in pair),
    ]


def _sizes(release: Release) -> list[Block | None]:
    """Children of each arm of the cohorts that the roads make for themselves."""
    told = [
        (way, figure)
        for way in WAYS
        for figure in find(release, way.measure, section="re_missing", days=days_of(release))
        if figure.cohort not in {COHORT, "referred_now"}
    ]
    matched = next(iter(all_here(release, "matched_children")), None)
    if not told and matched is None:
        return []
    arms = [
        [
            one(release, "children", section="re_missing", cohort=figure.cohort, group=arm)
            for arm in ("referred", "not_referred")
        ]
        for _way, figure in told
    ]
    return [
        heading(3, _("Whom some roads compare")),
        grid(
            "roads-children",
            _("Children of roads that do not compare the plan’s own, however long they were followed"),
            [(_("What is changed"), "left"), (_("Referred"), "right"), (_("Not referred then"), "right")],
            [
                (title_of(way, figure), *map(counted, pair))
                for (way, figure), pair in zip(told, arms, strict=True)
            ],
        )
        if told
        else None,
        notes(figure for pair in arms for figure in pair),
        prose(
            _(
                "Of {of} children referred, {matched} found another child like them.",
                of=counted(matched, "of"), matched=counted(matched),
            )
        )
        if matched is not None
        else None,
    ]  # fmt: skip
