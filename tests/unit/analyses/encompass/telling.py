"""Small snapshots of incidents and closures, written as a person would say them, on local clocks."""

import pandas as pd

from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter
from tests.unit.analyses.making import GWENT

POLICE, SCHOOLS = "op_encompass_incidents", "school_closures"
NEWPORT, TORFAEN = "W06000022", "W06000020"

YEAR_23 = "2023-09-01 2023-10-30/2023-11-03 2023-12-22/2024-01-05 2024-02-12/2024-02-16"
YEAR_23 += " 2024-04-02/2024-04-12 2024-05-27/2024-05-31 2024-07-22/2024-08-31"
YEAR_24 = "2024-09-02 2024-10-28/2024-11-01 2024-12-23/2025-01-03"


def incident(ref, child, at, told=None, *, school="S1", outcome=None, place=NEWPORT, sent=None):
    """A child at an incident; `sent` is the quarter of the return, that of the incident if None."""
    if outcome is None:
        outcome = "notified" if told else "not_sent"
    day = pd.Timestamp(at)
    return (
        POLICE,
        "police",
        sent or str(Quarter.of(day.date())),
        {
            "incident_ref": ref,
            "child_key": child,
            "incident_at": moment(at),
            "local_authority": place,
            "school_ref": school,
            "outcome": outcome,
            "notified_at": moment(told),
        },
    )


def closed(school, runs, *, provider="newport", sent="2023Q3", place=NEWPORT):
    """Runs 'first/last' or single days, with spaces between, all in the return of one quarter."""
    rows = []
    for run in runs.split():
        first, _, last = run.partition("/")
        row = {"school_ref": school, "local_authority": place, "kind": "holiday"}
        days = {"from_on": pd.Timestamp(first), "to_on": pd.Timestamp(last or first)}
        rows.append((SCHOOLS, provider, sent, row | days))
    return rows


def moment(text):
    """UTC of local clocks; the first time round where an hour comes twice."""
    if text is None:
        return pd.NaT
    return pd.Timestamp(text).tz_localize("Europe/London", ambiguous=True).tz_convert("UTC")


COLUMNS = {
    POLICE: [
        "incident_ref",
        "child_key",
        "incident_at",
        "local_authority",
        "school_ref",
        "outcome",
        "notified_at",
    ],
    SCHOOLS: ["school_ref", "local_authority", "from_on", "to_on", "kind"],
}
MOMENTS, DAYS = ("incident_at", "notified_at"), ("from_on", "to_on")


def _typed(column):
    if column.name in MOMENTS:
        return pd.to_datetime(column, utc=True).astype("datetime64[us, UTC]")
    if column.name in DAYS:
        return pd.to_datetime(column).astype("datetime64[us]")
    return column.astype("str")


def snapshot(*parts, quarter="2024Q3", first="2023Q3", not_sent="", providers=("newport",)):
    """Every return came from `first` to `quarter`, but those named: 'police/2024Q1 newport'."""
    last, missing = Quarter.parse(quarter), not_sent.split()
    owed = {"police": POLICE} | dict.fromkeys(providers, SCHOOLS)
    arrived = {
        (provider, form, each)
        for provider, form in owed.items()
        for each in Quarter.parse(first).to(last)
        if provider not in missing and f"{provider}/{each}" not in missing
    }
    told = [row for part in parts for row in (part if isinstance(part, list) else [part])]
    tables = {}
    for form, columns in COLUMNS.items():
        if not any(name == form for _, name, _ in arrived):
            tables[form] = None
            continue
        rows = [
            {**row, "provider": provider, "quarter": of}
            for name, provider, of, row in told
            if name == form and (provider, form, Quarter.parse(of)) in arrived
        ]
        frame = pd.DataFrame(rows, columns=[*columns, "provider", "quarter"])
        tables[form] = pd.DataFrame({name: _typed(frame[name]) for name in frame})
    return Snapshot("S1", last, tables, frozenset(arrived), (), GWENT)
