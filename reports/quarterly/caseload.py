"""Whether a service's caseload adds up, quarter by quarter."""

from __future__ import annotations

from analyses.services import Service
from evaluation.language import Text, _
from evaluation.nouns import Figure, Release
from evaluation.quarters import Quarter
from evaluation.wording import count
from reports.cells import tabled, value
from reports.reading import every
from reports.writing import Block, month, prose

QUARTERS = 4

LINES = {
    "open_at_start": _("Open at the start"),
    "new": _("New"),
    "declined": _("Declined"),
    "closed": _("Closed"),
    "open_at_end": _("Open at the end"),
    "unexplained": _("Does not fit"),
}


def caseload(release: Release, service: Service) -> list[Block | None]:
    """The last quarters, a column each: open, new, declined, closed, open, and what does not fit."""
    told: dict[str, dict[str, Figure]] = {
        line: {f.group: f for f in _of(release, service, line)} for line in LINES
    }
    quarters = sorted({group for of in told.values() for group in of})[-QUARTERS:]
    if not quarters:
        return [prose(_("This release holds no caseload."))]
    return [
        prose(
            _(
                "These are referrals, and a child may have several. Those open at the start plus "
                "new ones, less those declined or closed, should be those open at the end; what "
                "does not fit is a question for the service. Numbers are rounded, so they need not "
                "add up exactly."
            )
        ),
        *tabled(
            f"{service.name.replace('_', '-')}-caseload",
            _("The caseload of {service}, by the last month of the quarter", service=service.title),
            [
                (_("Referrals"), "left"),
                *(
                    (month(f"{Quarter.parse(quarter).last_day:%Y-%m}"), "right")
                    for quarter in quarters
                ),
            ],
            [
                (title, *(value(told[line].get(quarter), count) for quarter in quarters))
                for line, title in LINES.items()
            ],
            [told[line].get(quarter) for line in LINES for quarter in quarters],
        ),
        prose(_fits(told["unexplained"].get(quarters[-1]))),
    ]


def _of(release: Release, service: Service, line: str) -> tuple[Figure, ...]:
    return every(release, section="caseload", measure=line, cohort=service.cohort("caseload"))


def _fits(figure: Figure | None) -> Text | None:
    if figure is None or figure.value is None:
        return None
    if figure.value == 0:
        return _("In the last quarter everything fits.")
    return _(
        "In the last quarter about {referrals} referrals do not fit. Ask the service which.",
        referrals=count(figure.value),
    )
