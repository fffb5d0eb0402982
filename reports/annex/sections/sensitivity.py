"""The same question by every other road, and whether any would change the reading."""

from __future__ import annotations

from pathlib import Path

from IPython.display import Markdown

from evaluation.drawing import forest_plot
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import (
    READINGS,
    agreement,
    because,
    percent,
    three_figures,
    would_change,
)
from evaluation.wording.numbers import signed
from reports.annex.cautions import cautions, halves, weakens
from reports.annex.main import COHORT, all_here, days_of, main_road, ratio, referred_now, window
from reports.annex.roads import (
    MADE_OF,
    REFERRED_NOW,
    WAYS,
    Kind,
    Row,
    over_windows,
    rows,
    title_of,
    with_referred_now,
)
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
        heading(2, _("Sensitivity: the same question by other roads")),
        prose(
            _(
                "Each line changes one thing and leaves the rest as the plan has it. The reading "
                "is the side of no difference on which the whole interval lies: fewer, or more. It is "
                "inconclusive where the interval includes no difference: then the data fit fewer, "
                "more and no difference alike, which does not mean that there is no effect."
            )
        ),
        *(block for kind in KINDS for block in _of_kind(release, told, kind)),
        heading(3, _("All of them together")),
        strong(said[0]),
        bullets(said[1:]),
        *_over_windows(release),
        *_unrecorded(release),
        *_two_services(release),
        *_sizes(release),
    )


def _of_kind(release: Release, told: list[Row], kind: Kind) -> list[Block | None]:
    """The picture, the table and the cautions of one kind of road."""
    rows_of = [row for row in told if row.way.kind == kind]
    if not rows_of:
        return []
    return [
        _picture(release, rows_of, kind),
        _table(release, rows_of, kind),
        *cautions(release, with_referred_now(release, rows_of, kind)),
        *(halves(release) if kind == "method" else []),
    ]


def _table(release: Release, told: list[Row], kind: Kind) -> Block:
    main = main_road(release)
    return grid(
        f"sensitivity-{kind}",
        _("{kind}; {days} days unless a line says otherwise", kind=TABLES[kind], days=days_of(release) or 0),
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
                (row.title, _number(row), counted(row.figure), _reading(release, row))
                for row in with_referred_now(release, told, kind)
            ),
        ],
    )  # fmt: skip


def _reading(release: Release, row: Row) -> Words:
    said = would_change(main_road(release), row.road)
    if said is None:
        return _closed(row.figure)
    return _("{reading} (see caution)", reading=said) if weakens(release, row) else said


def _closed(figure: Figure | None) -> Words:
    """Why there is no reading, where there is none."""
    reason = because(figure)
    return _("cannot be made: {reason}", reason=reason) if reason else "–"


def _number(row: Row) -> Words:
    """A ratio; of days until the next episode their difference, with its unit."""
    figure = row.figure
    if row.way.unit == "days" and figure is not None and figure.value is not None:
        return _("{number} days", number=with_limits(figure, _one_decimal))
    return ratio(figure)


def _one_decimal(number: float) -> str:
    return signed(f"{number:.1f}")


TABLES: dict[Kind, Text] = {
    "method": _("The same by other methods"),
    "episodes": _("The same of other episodes and windows"),
    "children": _("The same of other children"),
}
KINDS: dict[Kind, Text] = {
    "method": _("The main figure, and the same by other methods"),
    "episodes": _("The main figure, and the same of other episodes and windows"),
    "children": _("The main figure, and the same of other children"),
}
"""What the roads of a picture have in common. In one picture they would be too small to read."""


def _picture(release: Release, told: list[Row], kind: Kind) -> Block | None:
    """The main figure and the ratios of one kind; those of days are in the table alone."""
    main, other = primary(release), referred_now(release)
    ratios = [row for row in told if row.way.unit == "ratio"]
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
                *(
                    [line(REFERRED_NOW, other, is_main=other.role == "co_primary")]
                    if kind == "method" and other is not None
                    else []
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
        heading(3, _("The same over other windows")),
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
        heading(3, _("Unmeasured confounding: what nobody recorded (E-value)")),
        prose(
            _(
                "Something that nobody recorded could explain the main figure away if it went with "
                "both referral and episodes at a ratio of {point} or more, beyond all that was "
                "recorded.",
                point=value(point, three_figures),
            ),
            _of_limit(limit),
        ),
        notes([point, limit]),
    ]


def _of_limit(limit: Figure | None) -> Text:
    if limit is not None and limit.value == 1:
        return _(
            "The interval already includes no difference, so nothing unrecorded is needed to bring it "
            "there."
        )
    return _(
        "To bring the interval to no difference, {limit} would do.",
        limit=value(limit, three_figures),
    )


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
        heading(3, _("Co-intervention: two services at a time")),
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
        heading(3, _("Roads that compare other children")),
        grid(
            "roads-children",
            _("Children in each group of such a road, however long they were followed"),
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
                "Matching: of {of} children referred, {matched} found one like them in the comparison group.",
                of=counted(matched, "of"), matched=counted(matched),
            )
        )
        if matched is not None
        else None,
    ]  # fmt: skip
