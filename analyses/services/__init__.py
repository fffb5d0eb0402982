"""What became of children referred to a service: St Giles, and Positive Futures' targeted referrals.

    service       the services: a name, a title and a form each
    seen          referrals as last told, and since when the returns let each be seen
    funnel        how far children have come; why they were declined or closed
    waiting       how long for a decision, a contact, a first session
    endings       how work ended after a first session; sessions attended
    groups        the groups of children, as known when each was referred
    engagement    who had a first session, by group; `adjusted` for what groups differ in
    caseload      whether open + new - declined - closed adds up
    costs         pounds per child reached and per planned closure
    risk_pairs    bands at referral and closure, by the same tool
    risk_change   how many were assessed again, and which way they moved
    sessions      open access, by area: heads counted, never children

Each question is a section of a release. Areas and groups are never ranked.
"""

from __future__ import annotations

from collections.abc import Iterable

from analyses.services import (
    caseload,
    costs,
    endings,
    engagement,
    funnel,
    risk_change,
    sessions,
    waiting,
)
from analyses.services.costs import Contract as Contract
from analyses.services.service import POSITIVE_FUTURES as POSITIVE_FUTURES
from analyses.services.service import SERVICES as SERVICES
from analyses.services.service import ST_GILES as ST_GILES
from analyses.services.service import Service as Service
from evaluation.nouns import Estimate, Snapshot


def referral_figures(snapshot: Snapshot, services: Iterable[Service] = SERVICES) -> list[Estimate]:
    """Sections 'referrals' (the funnel), 'waiting', 'endings', 'engagement' and 'caseload'."""
    return [
        figure
        for service in services
        for part in (funnel, waiting, endings, engagement, caseload)
        for figure in part.figures(snapshot, service)
    ]


def risk_figures(snapshot: Snapshot, services: Iterable[Service] = SERVICES) -> list[Estimate]:
    """Section 'risk_change', of each service."""
    return [figure for service in services for figure in risk_change.figures(snapshot, service)]


def cost_figures(snapshot: Snapshot, contracts: Iterable[Contract]) -> list[Estimate]:
    """Section 'costs', of each contract."""
    return costs.figures(snapshot, contracts)


def session_figures(snapshot: Snapshot) -> list[Estimate]:
    """Section 'positive_futures_sessions': open access, which is of no child."""
    return sessions.figures(snapshot)
