"""Watching, month by month: what was counted, what is usual, and what may explain a change.

    series     which series there are, by which chart, and which way is good
    monthly    their figures, one a month
    charting   a series as a control chart, from the figures as they leave
    dated      what dated events of a body's file mean for analyses that ask for a date

Monitoring, not impact: no figure here compares anybody with anybody, and none carries a claim.
"""

from __future__ import annotations

from collections.abc import Iterable

from analyses.monitoring import monthly
from analyses.monitoring.charting import Monitored as Monitored
from analyses.monitoring.charting import charted as charted
from analyses.monitoring.dated import other_changes as other_changes
from analyses.monitoring.dated import review_on as review_on
from analyses.monitoring.series import ABOUT as ABOUT
from analyses.monitoring.series import SERIES as SERIES
from analyses.monitoring.series import Series as Series
from analyses.services.service import SERVICES, Service
from evaluation.nouns import Estimate, Snapshot


def figures(snapshot: Snapshot, services: Iterable[Service] = SERVICES) -> list[Estimate]:
    """The figures of every monthly series of the section 'monitoring'; `group` is the month.

    Those of open-access sessions and of Op Encompass stand in their own sections.
    """
    told = monthly.episodes_by_month(snapshot)
    told += monthly.children_missing(told)
    told += monthly.of_children_known(snapshot)
    for service in services:
        told += monthly.of_service(snapshot, service)
    return told + monthly.assessments(snapshot)
