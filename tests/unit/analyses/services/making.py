"""Small snapshots of what services send, made by hand in the types of the store."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter
from tests.unit.analyses import making

Row = tuple[str, dict[str, object]]

FIRST = Quarter(2023, 1)
REFERRALS = making.COLUMNS["st_giles_referrals"]
COLUMNS = {
    "children": making.COLUMNS["children"],
    "st_giles_referrals": REFERRALS,
    "positive_futures_referrals": f"{REFERRALS} activity",
    "positive_futures_sessions": (
        "session_ref held_on:d local_authority venue_ref activity minutes:i attendances:i "
        "first_attendances:i cancelled"
    ),
    "exploitation_assessments": (
        "child_key assessment_ref assessed_on:d tool tool_version assessor strand band"
    ),
}
SENT_BY = {
    "children": "police",
    "st_giles_referrals": "st_giles",
    "positive_futures_referrals": "positive_futures",
    "positive_futures_sessions": "positive_futures",
    "exploitation_assessments": "meeting",
}


def case(
    key: str, day: str, *, told: str = "", form: str = "st_giles_referrals", **facts
) -> list[Row]:
    """A referral as last told, in the returns of the quarters `told` ('2024Q1 2024Q2').

    Without `told`, in that of the quarter it was made and each until the one in which it ended,
    or 2024Q4. A decision is accepted unless said, and made on the day itself. Each return tells
    the same: what came after its quarter too, which the newest return would tell.
    """
    row = {
        "referral_ref": f"R-{key}-{day}",
        "child_key": key,
        "local_authority": "W06000022",
        "referred_on": day,
        "source": "police",
        "reason": "missing",
        "decision": "accepted",
        **facts,
    }
    if row["decision"] != "waiting":
        row.setdefault("decided_on", day)
    if row["decision"] == "declined":
        row.setdefault("decline_reason", "no_consent")
    if "closed_on" in row:
        row.setdefault("closure_reason", "planned")
    ended = row.get("closed_on") or (row["decision"] == "declined" and row["decided_on"]) or None
    last = Quarter.of(date.fromisoformat(ended)) if ended else Quarter(2024, 4)
    whole = max(Quarter.of(date.fromisoformat(day)), FIRST).to(last)
    quarters = told.split() or [str(quarter) for quarter in whole]
    return [(form, {**row, "quarter": quarter}) for quarter in quarters]


def assessed(key: str, day: str, band: str, **facts) -> list[Row]:
    """An assessment of a child."""
    row = {
        "child_key": key,
        "assessment_ref": f"A-{key}-{day}-{band}-{len(facts)}",
        "assessed_on": day,
        "tool": "ceat",
        "tool_version": "2",
        "assessor": "police",
        "strand": "criminal",
        "band": band,
        **facts,
    }
    return [("exploitation_assessments", {**row, "quarter": _quarter(day)})]


def session(ref: str, day: str, heads: int, *, place: str = "W06000022", **facts) -> list[Row]:
    """An open-access session."""
    row = {
        "session_ref": f"S-{ref}",
        "held_on": day,
        "local_authority": place,
        "venue_ref": "V1",
        "activity": "boxing",
        "minutes": 60,
        "attendances": heads,
        "first_attendances": 0,
        "cancelled": "no",
        **facts,
    }
    return [("positive_futures_sessions", {**row, "quarter": _quarter(day)})]


def believed(*parts: Row | Iterable[Row], quarter: str = "2024Q4", not_sent: str = "") -> Snapshot:
    """The snapshot at `quarter`: every form came every quarter since 2023Q1, except `not_sent`.

    `not_sent` names forms, or form/quarter. Rows of a return that was not sent, or that lies
    after the quarter, are not there.
    """
    last = Quarter.parse(quarter)
    arrived = {
        (SENT_BY[form], form, each)
        for form in COLUMNS
        for each in FIRST.to(last)
        if not {form, f"{form}/{each}"} & set(not_sent.split())
    }
    rows = [row for part in parts for row in _rows(part)]
    tables = {form: _table(form, rows, arrived) for form in COLUMNS}
    return Snapshot("S1", last, tables, frozenset(arrived), (), making.GWENT)


def by(figures, *names: str) -> dict:
    """Figures by some of their fields; one that is there twice is a fault."""
    found = {}
    for figure in figures:
        place = tuple(getattr(figure, name) for name in names)
        place = place[0] if len(names) == 1 else place
        assert place not in found, place
        found[place] = figure
    return found


def of(figures, **named) -> list:
    """The figures whose fields are as named."""
    return [
        figure
        for figure in figures
        if all(getattr(figure, name) == value for name, value in named.items())
    ]


def _rows(part) -> list[Row]:
    """A row, or several."""
    return [part] if isinstance(part, tuple) and isinstance(part[0], str) else list(part)


def _quarter(day: str) -> str:
    return str(max(Quarter.of(date.fromisoformat(day)), FIRST))


def _table(form: str, told: list[Row], arrived: set) -> pd.DataFrame | None:
    sent = {str(quarter) for _, name, quarter in arrived if name == form}
    if not sent:
        return None
    rows = [row for name, row in told if name == form and row["quarter"] in sent]
    types = dict(column.partition(":")[::2] for column in COLUMNS[form].split())
    frame = pd.DataFrame(rows, columns=[*types, "quarter"]).assign(provider=SENT_BY[form])
    for column, kind in {**types, "quarter": "", "provider": ""}.items():
        values = pd.to_datetime(frame[column]) if kind == "d" else frame[column]
        frame[column] = values.astype(making.DTYPES[kind])
    return frame.sort_values(["quarter", next(iter(types))], kind="stable", ignore_index=True)
