"""Which monthly series are watched, by which chart, and which way is good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from analyses.outcomes import OUTCOMES
from analyses.services.service import SERVICES, Service
from evaluation.language import Text, _
from schemas import FORMS

SECTION = "monitoring"
SECTIONS = (
    "caseload", "completeness", "costs", "endings", "engagement", "monitoring", "op_encompass",
    "other_outcomes", "positive_futures_sessions", "re_missing", "referrals", "return_interviews",
    "risk_change", "waiting",
)  # fmt: skip
"""The sections of a release that a dated event may be about, beside single measures and forms."""

ChartKind = Literal["xmr", "u", "p"]


@dataclass(frozen=True, slots=True)
class Series:
    """One measure month by month, and where a release holds it: a figure a month, its `group`.

    `chart` is 'xmr' for counts whose denominator nobody knows, 'u' for events over child-days,
    'p' for children of children. `better` is missing where more is neither better nor worse:
    more referrals may be more need, or more of it seen. `forms` are the returns it is made from.
    """

    name: str
    title: Text
    measure: str
    chart: ChartKind
    forms: tuple[str, ...]
    better: Literal["fewer", "more"] | None = None
    section: str = SECTION
    cohort: str | None = None
    outcome: str | None = None

    @property
    def answers_to(self) -> tuple[str, ...]:
        """The names by which a dated event may be about it."""
        return (self.name, self.measure, self.section, *self.forms)


_MISSING = OUTCOMES["re_missing"]


def _of_service(service: Service) -> tuple[Series, ...]:
    return (
        Series(
            f"{service.name}_referrals_made",
            _("Referrals to {service} each month", service=service.title),
            "referrals_made",
            "xmr",
            (service.form,),
            cohort=service.name,
        ),
        Series(
            f"{service.name}_first_sessions",
            _("First sessions at {service} each month", service=service.title),
            "first_sessions",
            "xmr",
            (service.form,),
            cohort=service.name,
        ),
    )


_ALL = (
    Series(
        "episodes",
        _("Missing episodes begun each month"),
        "episodes",
        "xmr",
        ("missing_episodes",),
        better=_MISSING.better,
        outcome=_MISSING.name,
    ),
    Series(
        "children_missing",
        _("Children who went missing at least once in the month"),
        "children_missing",
        "xmr",
        ("missing_episodes",),
        better=_MISSING.better,
        outcome=_MISSING.name,
    ),
    # The number of children known grows as services come to know more of them, and then both of
    # these fall though no child goes missing less: neither may be called an improvement.
    Series(
        "episodes_per_100_child_days",
        _("Missing episodes each month per 100 days of the children known"),
        "episodes_per_100_child_days",
        "u",
        ("missing_episodes", "children"),
        outcome=_MISSING.name,
    ),
    Series(
        "share_missing",
        _("Share of the children known who went missing in the month"),
        "share_missing",
        "p",
        ("missing_episodes", "children"),
        outcome=_MISSING.name,
    ),
    *(series for service in SERVICES for series in _of_service(service)),
    Series(
        "assessments",
        _("Exploitation assessments each month"),
        "assessments",
        "xmr",
        ("exploitation_assessments",),
    ),
    Series(
        "sessions_held",
        _("Open-access sessions held each month"),
        "sessions_held",
        "xmr",
        ("positive_futures_sessions",),
        section="positive_futures_sessions",
        cohort="sessions_by_month",
    ),
)

SERIES: Mapping[str, Series] = MappingProxyType({series.name: series for series in _ALL})
"""The series by name, in the order in which they are told."""

ABOUT = frozenset({*SECTIONS, *FORMS, *(name for series in _ALL for name in series.answers_to)})
"""All that a dated event may be about. Another name would be ignored in silence, so is refused."""
