"""Op Encompass around its review: the model, whether it fits, and the same made in other ways."""

from __future__ import annotations

from IPython.display import Markdown

from analyses.annex.reviewed import NINE, UNKNOWN_LATE, WAYS
from analyses.encompass.review import COHORT, OUTCOME
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import (
    METHODS,
    READINGS,
    Road,
    agreement,
    because,
    decimals,
    percent,
    three_figures,
    would_change,
)
from reports import reviewed
from reports.annex.main import ratio
from reports.cells import counted, notes, value
from reports.reading import pick
from reports.writing import Block, Words, bullets, grid, heading, month, page, prose, strong

TERMS = {
    "trend_ratio": _("The trend before the review, a month"),
    "level_ratio": _("The change at once"),
    "slope_ratio": _("The change of the trend, a month"),
    "rate_ratio": _("Both together, in the sixth month"),
}

TITLES = {
    "no_change_of_trend": _("No change of the trend, a change at once alone"),
    "closures_not_allowed_for": _("How long schools stay closed not allowed for"),
    "with_seasons": _("Seasons as a wave of a year"),
    "review_month_kept": _("The month of the review kept, as one after it"),
    "negative_binomial": _("A negative binomial model"),
    "newey_west": _("Newey and West’s errors"),
    "independent_months": _("Months taken as independent"),
    NINE: _("School days that begin at nine"),
    UNKNOWN_LATE: _("Unknown schools and calendars counted as not told in time"),
}
"""What each way does otherwise; a contract test holds it to have words for every one."""

assert {*WAYS, NINE, UNKNOWN_LATE} == TITLES.keys()

SMALL = 0.05
"""A p below it speaks against months that are no longer alike."""


def section(release: Release, language: Language) -> Markdown:
    """Its terms, its diagnostics and other ways; a line where no review is known."""
    told = reviewed.series(release)
    return page(
        language,
        heading(2, _("Op Encompass before and after its review")),
        *(_whole(release, told) if told else [prose(_("No review of it is known."))]),
    )


def _whole(release: Release, told: reviewed.Series) -> list[Block | None]:
    main = told.ratio
    return [
        prose(
            _("{title}: {day}.", title=told.event.title, day=told.event.on),
            _("Method: {method}.", method=METHODS[main.method]) if main and main.method else None,
        ),
        prose(told.says, told.sixth_month),
        notes([main]),
        reviewed.drawn(release, told, by="month"),
        *(_terms(release) if told.fitted else ()),
        *_fit(release),
        *_ways(release, main),
        *_months(release, told),
    ]


def _terms(release: Release) -> list[Block | None]:
    found = {measure: _at(release, measure, "contrast") for measure in TERMS}
    return [
        heading(3, _("The model")),
        prose(
            _(
                "Counted each month: notifications of which the school was not told before it next "
                "opened, beside the number that there would be if nothing counted but how long "
                "schools stayed closed. The terms multiply that number."
            )
        ),
        grid(
            "series-terms",
            _("The terms of the series, as ratios"),
            [(_("Term"), "left"), (_("Ratio (interval)"), "right")],
            [(title, ratio(found[measure])) for measure, title in TERMS.items()],
        ),
        notes(found.values()),
    ]


def _fit(release: Release) -> list[Block | None]:
    spread, alike, p = (
        _at(release, measure, "all")
        for measure in ("pearson_dispersion", "autocorrelation", "ljung_box_p")
    )
    if p is None or p.value is None:
        return []
    return [
        heading(3, _("Whether the model fits")),
        prose(
            _(
                "Dispersion: {spread}; 1 is what chance alone makes, and intervals are wider where it "
                "is above 1 and narrower where it is below. Autocorrelation of neighbouring months: {alike}; intervals allow "
                "for it.",
                spread=value(spread, three_figures),
                alike=value(alike, decimals),
            ),
            _like(p.value),
        ),
        notes([spread, alike, p]),
    ]


def _like(p: float) -> Text:
    if p < SMALL:
        return _(
            "The residuals of months are still alike (Ljung and Box’s test, p = {p}): something that "
            "the model does not know lasts for months, so distrust its intervals.",
            p=decimals(p),
        )
    return _(
        "Ljung and Box’s test does not find residuals of months alike (p = {p}). With few months "
        "it would miss all but a strong likeness.",
        p=decimals(p),
    )


def _ways(release: Release, main: Figure | None) -> list[Block | None]:
    found = {way: _at(release, "rate_ratio", way) for way in TITLES}
    if not any(found.values()):
        return []
    road, roads = Road(main), [Road(figure) for figure in found.values() if figure is not None]
    said = agreement(road, roads)
    return [
        heading(3, _("The same in other ways")),
        grid(
            "series-ways",
            _("The ratio in the sixth month from the review on, made in other ways"),
            [
                (_("What is changed"), "left"),
                (_("Ratio (interval)"), "right"),
                (_("Would the reading change?"), "left"),
            ],
            [
                (
                    _("Nothing: the figure of the report"), ratio(main),
                    READINGS[road.side] if road.side else _closed(main),
                ),
                *(
                    (
                        TITLES[way],
                        ratio(figure),
                        would_change(road, Road(figure)) or _closed(figure),
                    )
                    for way, figure in found.items()
                    if figure is not None
                ),
            ],
        ),
        strong(said[0]),
        bullets(said[1:]),
    ]  # fmt: skip


def _closed(figure: Figure | None) -> Words:
    reason = because(figure)
    return _("cannot be made: {reason}", reason=reason) if reason else "–"


def _months(release: Release, told: reviewed.Series) -> list[Block | None]:
    if not told.fitted:
        return []
    shares = reviewed.by_month(release)
    return [
        heading(3, _("Month by month")),
        grid(
            "series-months",
            _("Notifications due, those not in time, and both lines"),
            [
                (_("Month"), "left"),
                (_("Due"), "right"),
                (_("In time"), "right"),
                (_("Not in time: the line"), "right"),
                (_("If the trend before had gone on"), "right"),
            ],
            [
                (
                    month(name),
                    counted(shares.get(name), "of"),
                    counted(shares.get(name), "events"),
                    value(told.fitted[name], percent) if name in told.fitted else "–",
                    value(told.expected[name], percent) if name in told.expected else "–",
                )
                for name in told.months
            ],
        ),
        notes(shares.get(name) for name in told.months),
    ]


def _at(release: Release, measure: str, group: str) -> Figure | None:
    return pick(
        release, section=reviewed.SECTION, measure=measure, cohort=COHORT, outcome=OUTCOME,
        group=group,
    )  # fmt: skip
