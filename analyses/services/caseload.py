"""Whether a service's caseload adds up: open at the start, new, declined, closed, open at the end."""

from __future__ import annotations

import pandas as pd

from analyses.by_child import events_of
from analyses.services.service import Service
from analyses.snapshots import covered
from evaluation.nouns import Estimate, Snapshot
from evaluation.quarters import Quarter
from schemas._referrals import is_open

SECTION = "caseload"

MEASURES = ("open_at_start", "new", "declined", "closed", "open_at_end", "unexplained")

_KEY = ["provider", "referral_ref"]


def figures(snapshot: Snapshot, service: Service) -> list[Estimate]:
    """The reconciliation of every quarter since the first return; `group` is the quarter.

    Cohort '…_caseload'. Values are referrals (`unit` records), of which a child may have
    several; `children` are the distinct children in them.

        open_at_start   open (waiting, or accepted and not closed) in the last quarter's return
        new             referred in the quarter
        declined        declined in it
        closed          accepted, and closed in it
        open_at_end     open in its own return
        unexplained     referrals that do not fit: open before and in no return now, or in this
                        one and neither new nor open before, or ended by a day of another
                        quarter. Both kinds count, so that they do not cancel out

    Where nothing is unexplained, open at start + new - declined - closed = open at end. A
    quarter whose return has not come has no values; one after it, and the first, have no
    open_at_start and no unexplained: what was open before is not known.
    """
    cohort = service.cohort("caseload")
    came = covered(snapshot, service.form)
    first = came[0] if came else snapshot.quarter
    rows = snapshot.tables.get(service.form)
    told = []
    for quarter in first.to(snapshot.quarter):
        if rows is None or quarter not in came:
            told += [_figure(measure, quarter, cohort, None) for measure in MEASURES]
            continue
        before = rows[rows["quarter"] == str(quarter - 1)] if quarter - 1 in came else None
        counted = reckoned(rows[rows["quarter"] == str(quarter)], before, quarter)
        told += [_figure(measure, quarter, cohort, counted[measure]) for measure in MEASURES]
    return told


def reckoned(
    now: pd.DataFrame, before: pd.DataFrame | None, quarter: Quarter
) -> dict[str, pd.DataFrame | None]:
    """The referrals behind each measure of a quarter; None where the return before is missing.

    `now` and `before` have a row a referral, of this quarter's return and the last one's.
    """
    first, last = pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day)
    declined = now["decision"].eq("declined") & now["decided_on"].between(first, last)
    closed = now["decision"].eq("accepted") & now["closed_on"].between(first, last)
    still = is_open(now)
    new = now["referred_on"].between(first, last)
    start = None if before is None else before[is_open(before)]
    if start is not None:
        were_open = _key(now).isin(_key(start))
        new &= ~were_open
    counted: dict[str, pd.DataFrame | None] = {
        "open_at_start": start,
        "new": now[new],
        "declined": now[declined],
        "closed": now[closed],
        "open_at_end": now[still],
        "unexplained": None,
    }
    if start is not None:
        came_in, went_out = were_open | new, declined | closed | still
        vanished = start[~_key(start).isin(_key(now))]
        counted["unexplained"] = pd.concat([now[came_in != went_out], vanished])
    return counted


def _key(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[_KEY])


def _figure(
    measure: str, quarter: Quarter, cohort: str, referrals: pd.DataFrame | None
) -> Estimate:
    bare = Estimate(
        SECTION, measure, str(quarter), cohort=cohort, unit="records", why_not="no_return"
    )
    if referrals is None:
        return bare
    return Estimate(
        SECTION,
        measure,
        str(quarter),
        cohort=cohort,
        unit="records",
        children=referrals["child_key"].nunique(),
        **events_of(referrals["child_key"]),
        value=float(len(referrals)),
    )
