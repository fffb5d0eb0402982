"""The share of notifications in time: by quarter as a p-chart, and each authority beside chance."""

from __future__ import annotations

from pathlib import Path

from evaluation.drawing import by_place, control_chart
from evaluation.language import Language, Text, _
from evaluation.nouns import DatedEvent, Figure, Release
from evaluation.quarters import Quarter
from evaluation.wording import percent
from reports.cells import counted, in_words, notes, part, sign, tabled
from reports.quarterly.months import KINDS
from reports.quarterly.places import authorities
from reports.reading import body_of, every
from reports.writing import Block, Words, picture, plain, prose, short_month

IN_TIME = "before_school_opens"
_QUARTERS, _YEAR = "op_encompass_quarters", "op_encompass_12_months"

Pair = tuple[Figure | None, Figure | None]
"""A share and its limits."""


def by_quarter(release: Release) -> list[Block | None]:
    """The chart of the quarters, with the dated events of the body's file."""
    told = _pairs(release, _QUARTERS)
    if not any(share is not None and share.value is not None for share, _limits in told.values()):
        return [prose(_("No quarter can be shown."))]
    return [
        _chart(release, told),
        prose(
            _outside_in_words(told),
            _(
                "The mean and the limits are of all quarters together, those before and those "
                "after a day that is marked."
            )
            if _events(release, told)
            else None,
        ),
        notes(share for share, _limits in told.values()),
    ]


def by_authority(release: Release) -> list[Block | None]:
    """Each authority's share beside what chance leaves room for; never a ranking."""
    told = _pairs(release, _YEAR)
    names = authorities(release.body)
    if not any(name in told for name in names):
        return [prose(_("No authority can be shown."))]
    held = {title: told.get(name, (None, None)) for name, title in names.items()}
    return [
        prose(
            _(
                "Authorities are in a fixed order, never by their figures. The bar is the room "
                "for chance: a share within it need not differ from that of the whole area, and "
                "one outside is a question, not a verdict."
            )
        ),
        _places(held),
        notes(share for share, _limits in held.values()),
    ]


def is_low(release: Release, quarter: str) -> bool:
    """Whether that quarter lies below the limits of its chart."""
    return _is_outside(_pairs(release, _QUARTERS).get(quarter, (None, None))) < 0


def tables(release: Release) -> list[Block | None]:
    """The numbers behind both pictures."""
    quarters, places = _pairs(release, _QUARTERS), _pairs(release, _YEAR)
    rows: list[tuple[Words, Pair]] = [
        (Quarter.parse(group).title, pair) for group, pair in quarters.items()
    ]
    rows += [
        (title, places[name]) for name, title in authorities(release.body).items() if name in places
    ]
    if not rows:
        return []
    return [
        *tabled(
            "told-schools",
            _("Schools told before they next opened, by quarter and, over 12 months, by authority"),
            [
                (_("Quarter or authority"), "left"),
                (_("Notifications due"), "right"),
                (_("In time"), "right"),
                (_("Room for chance"), "right"),
            ],
            [
                (title, counted(share, "of"), part(share), _limits_of(limits))
                for title, (share, limits) in rows
            ],
            [figure for _title, pair in rows for figure in pair],
        ),
    ]


def _pairs(release: Release, cohort: str) -> dict[str, Pair]:
    """Group -> its share and its limits, in the release's order."""
    shares, limits = (
        {
            figure.group: figure
            for figure in every(
                release, section="op_encompass", measure=measure, cohort=cohort, outcome=IN_TIME
            )
        }
        for measure in ("school_told", "school_told_limits")
    )
    return {group: (shares.get(group), limits.get(group)) for group in shares if group != "all"}


def _is_outside(pair: Pair) -> int:
    """1 above the limits, -1 below, 0 within them or where nobody can say."""
    share, limits = pair
    if share is None or limits is None or share.value is None:
        return 0
    if limits.low is not None and share.value < limits.low:
        return -1
    return int(limits.high is not None and share.value > limits.high)


def _limits_of(limits: Figure | None) -> Words:
    if limits is None or limits.low is None or limits.high is None:
        return sign(limits)
    return _("{low} to {high}", low=percent(limits.low), high=percent(limits.high))


def _chart(release: Release, told: dict[str, Pair]) -> Block:
    kinds = {-1: "concern", 0: "", 1: "improvement"}
    quarters = [Quarter.parse(group) for group in told]

    def draw(to: Path, language: Language) -> None:
        points = [
            control_chart.Point(
                short_month(f"{Quarter.parse(group).last_day:%Y-%m}", language),
                None if share is None else share.value,
                None if limits is None else limits.value,
                None if limits is None else limits.low,
                None if limits is None else limits.high,
                kind=kinds[_is_outside((share, limits))],
                words=sign(share),
            )
            for group, (share, limits) in told.items()
        ]
        last = next((pair[1] for pair in reversed(told.values()) if pair[1] is not None), None)
        control_chart.draw(
            points,
            to,
            line_words=_line_words(last, language),
            kind_words={code: plain(words, language) for code, words in KINDS.items()},
            y_title=plain(_("Schools told before they next opened"), language),
            events=[
                control_chart.Event(
                    place, _("{title} ({day})", title=event.title, day=event.on).to(language)
                )
                for place, event in _events(release, told)
            ],
            is_share=True,
        )

    first, last = quarters[0].title, quarters[-1].title
    return picture(
        "told-by-quarter",
        _("Schools told before they next opened, by quarter, with limits"),
        _(
            "A line of {quarters} quarters, from {first} to {last}. {marked}",
            quarters=len(quarters),
            first=first,
            last=last,
            marked=_outside_in_words(told),
        ),
        draw,
    )


def _events(release: Release, told: dict[str, Pair]) -> list[tuple[int, DatedEvent]]:
    """What the body's file dates within these quarters, each with the place of its quarter."""
    quarters = list(told)
    return [
        (quarters.index(str(Quarter.of(event.on))), event)
        for event in body_of(release).events
        if event.concerns("op_encompass") and str(Quarter.of(event.on)) in quarters
    ]


def _line_words(limits: Figure | None, language: Language) -> tuple[str, str, str] | None:
    if limits is None or limits.value is None or limits.low is None or limits.high is None:
        return None
    return (
        _("Low limit {number}", number=percent(limits.low)).to(language),
        _("Mean {number}", number=percent(limits.value)).to(language),
        _("High limit {number}", number=percent(limits.high)).to(language),
    )


def _outside_in_words(told: dict[str, Pair]) -> Text:
    low = tuple(Quarter.parse(g).title for g, pair in told.items() if _is_outside(pair) < 0)
    high = tuple(Quarter.parse(g).title for g, pair in told.items() if _is_outside(pair) > 0)
    return _beyond(low, high, _("No quarter lies beyond its limits."))


def _beyond(low: tuple[Text, ...], high: tuple[Text, ...], none: Text) -> Text:
    if low and high:
        return _("Below the limits: {low}. Above the limits: {high}.", low=low, high=high)
    if low:
        return _("Below the limits: {low}.", low=low)
    if high:
        return _("Above the limits: {high}.", high=high)
    return none


def _places(held: dict[Text, Pair]) -> Block:
    centre = next((p[1].value for p in held.values() if p[1] and p[1].value is not None), None)
    low = tuple(title for title, pair in held.items() if _is_outside(pair) < 0)
    high = tuple(title for title, pair in held.items() if _is_outside(pair) > 0)
    marked = _beyond(low, high, _("Every share that is shown lies within the room for chance."))

    def draw(to: Path, language: Language) -> None:
        by_place.draw(
            tuple(
                by_place.Place(
                    plain(title, language),
                    None if share is None else share.value,
                    None if limits is None else limits.low,
                    None if limits is None else limits.high,
                    plain(part(share), language),
                    is_outside=_is_outside((share, limits)) != 0,
                )
                for title, (share, limits) in held.items()
            ),
            to,
            centre=centre,
            centre_words=_("The whole area: {share}", share=percent(centre)).to(language),
            band_words=_("Room for chance").to(language),
            outside_words=_("Outside the room for chance").to(language),
        )

    return picture(
        "told-by-authority",
        _("Schools told before they next opened, by authority, last 12 months"),
        _(
            "A line an authority, in a fixed order: {shares}. {marked}",
            shares=tuple(
                _("{name} {share}", name=title, share=in_words(part(pair[0])))
                for title, pair in held.items()
            ),
            marked=marked,
        ),
        draw,
    )
