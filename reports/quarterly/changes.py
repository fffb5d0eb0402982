"""The headline figures beside those of the last quarter's release, as each was told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analyses.services import POSITIVE_FUTURES, ST_GILES, Service
from evaluation.language import Text, _
from evaluation.nouns import Figure, Release
from evaluation.rendering.tables import Align
from evaluation.wording import WITHHELD, count, percent
from reports.cells import NOT_AVAILABLE, counted, tabled, value
from reports.services import of_body
from reports.writing import Block, Words, prose


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison: where its figure stands, and how it is written."""

    title: Text
    section: str
    cohort: str
    measure: str
    outcome: str | None = None
    write: Callable[[Figure | None], Words] = counted


def _as(how: Callable[[float], str]) -> Callable[[Figure | None], Words]:
    return lambda figure: value(figure, how)


def lines(release: Release) -> tuple[Line, ...]:
    """The headline figures: those of a service where the body has it, and those of schools."""
    return (
        *_of_st_giles(of_body(ST_GILES, release)),
        *_of_positive_futures(of_body(POSITIVE_FUTURES, release)),
        Line(_("Schools told before they next opened, the quarter"), "op_encompass",
             "op_encompass_quarter", "school_told", "before_school_opens", _as(percent)),
    )  # fmt: skip


def _of_st_giles(service: Service | None) -> Iterator[Line]:
    if service is None:
        return
    year = service.cohort("12_months")
    yield Line(
        _("Children referred to {service}, 12 months", service=service.title),
        "referrals", year, "referred",
    )  # fmt: skip
    yield Line(_("Of those, with a first session"), "referrals", year, "first_session",
               write=_as(percent))  # fmt: skip
    yield Line(_("Days until half had a first session"), "waiting", service.cohort("waiting"),
               "median_wait_days", "first_session", _as(count))  # fmt: skip
    yield Line(_("Open cases at {service}", service=service.title), "referrals", year, "open_now")


def _of_positive_futures(service: Service | None) -> Iterator[Line]:
    if service is None:
        return
    yield Line(
        _("Children referred to {service}, 12 months", service=service.title),
        "referrals", service.cohort("12_months"), "referred",
    )  # fmt: skip
    yield Line(_("Open-access attendances, 12 months (not children)"), "positive_futures_sessions",
               "sessions_12_months", "attendances", write=_as(count))  # fmt: skip


def changed(release: Release) -> list[Text]:
    """A sentence for each figure that is told now as another number than a quarter ago."""
    before = release.before
    if before is None:
        return [
            _("No release of the last quarter is on record, so there is nothing to compare with.")
        ]
    told = [
        (line, line.write(find(before.figures, line)), line.write(find(release.figures, line)))
        for line in lines(release)
    ]
    moved = [
        _("{what}: {then} a quarter ago, {now} now.", what=line.title, then=then, now=now)
        for line, then, now in told
        if then != now and not {then, now} & {WITHHELD, NOT_AVAILABLE}
    ]
    return moved or [_("No headline figure has changed.")]


def table(release: Release) -> list[Block | None]:
    """A line a figure: last quarter as it was told then, and this quarter."""
    before, asked = release.before, lines(release)
    now = [find(release.figures, line) for line in asked]
    rows: list[tuple[Words, ...]]
    columns: list[tuple[Words, Align]] = [(_("What"), "left"), (release.quarter.title, "right")]
    if before is None:
        told: list[Figure | None] = []
        rows = [(line.title, line.write(one)) for line, one in zip(asked, now, strict=True)]
        note = None
    else:
        told = [find(before.figures, line) for line in asked]
        columns.insert(1, (before.quarter.title, "right"))
        rows = [
            (line.title, line.write(then), line.write(one))
            for line, then, one in zip(asked, told, now, strict=True)
        ]
        note = _(
            "The last quarter stands as its report told it; returns that came late since then are "
            "in this quarter’s numbers only. Numbers are rounded, so a step of one rounding may be "
            "no change at all."
        )
    return [
        *tabled(
            "changes",
            _("This quarter beside the last"),
            columns,
            rows,
            [
                figure
                for of in (told, now)
                for line, figure in zip(asked, of, strict=False)
                if str(line.write(figure)).startswith("[")
            ],
        ),
        prose(note) if note else None,
    ]


def find(figures: tuple[Figure, ...], line: Line) -> Figure | None:
    """The figure of a line among these; None where they hold none."""
    found = (
        figure
        for figure in figures
        if (figure.section, figure.cohort, figure.measure, figure.group)
        == (line.section, line.cohort, line.measure, "all")
        and line.outcome in {None, figure.outcome}
    )
    return next(found, None)
