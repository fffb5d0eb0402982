"""Small snapshots made by hand: rows as a person would jot them down, in the types of the store."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from evaluation.language import Text
from evaluation.nouns import Provider, Snapshot
from evaluation.quarters import Quarter

Row = tuple[str, dict[str, object]]

FIRST = Quarter(2023, 1)
GWENT = (*(f"W060000{number}" for number in range(18, 23)), "other")
PROVIDERS = {
    "police": Provider("police", Text("Police"), ("children", "missing_episodes", "away_spells")),
    "meeting": Provider("meeting", Text("Missing meeting"), ("meeting_decisions",)),
    "st_giles": Provider("st_giles", Text("St Giles"), ("st_giles_referrals",)),
}
SENT_BY = {form: name for name, provider in PROVIDERS.items() for form in provider.forms}

COLUMNS = {
    "children": (
        "child_key birth_month:d sex ethnicity local_authority care_status disability language "
        "domestic_abuse exclusion history_from:d followed_to:d followed_to_reason"
    ),
    "missing_episodes": (
        "episode_ref child_key reported_at:t reported_on:d returned_at:t returned_on:d "
        "local_authority missing_from risk_first risk_highest harm interview "
        "interview_offered_at:t interview_offered_on:d interview_at:t interview_on:d definition"
    ),
    "away_spells": "child_key from_on:d to_on:d reason",
    "meeting_decisions": "child_key met_on:d local_authority decision reason_not_referred",
    "st_giles_referrals": (
        "referral_ref child_key local_authority referred_on:d source reason decision decided_on:d "
        "decline_reason first_contact_on:d first_session_on:d sessions_offered:i "
        "sessions_attended:i closed_on:d closure_reason"
    ),
}
DTYPES = {"d": "datetime64[us]", "t": "datetime64[us, UTC]", "i": "Int64", "": "str"}


def child(
    key: str, born: str = "2009-05", *, quarters: str = "2023Q1 to 2024Q4", **facts
) -> list[Row]:
    """A child in the children's returns of some quarters, the same in each."""
    first, _, last = quarters.partition(" to ")
    row = {
        "child_key": key,
        "birth_month": f"{born}-01",
        "sex": "female",
        "ethnicity": "W1",
        "local_authority": "W06000022",
        "care_status": "not_looked_after",
        "disability": "no",
        "language": "english",
        "domestic_abuse": "no",
        "exclusion": "none",
        "history_from": "2022-04-01",
        **facts,
    }
    spell = Quarter.parse(first).to(Quarter.parse(last or first))
    return [("children", {**row, "quarter": str(quarter)}) for quarter in spell]


def episode(
    key: str, day: str, *, hours: float | None = 5, quarter: str | None = None, **facts
) -> list[Row]:
    """A missing episode that begins at noon; it goes on if `hours` is None."""
    begins = pd.Timestamp(f"{day} 12:00")
    ends = None if hours is None else begins + pd.Timedelta(hours=hours)
    row = {
        "episode_ref": f"{key}-{day}",
        "child_key": key,
        "reported_at": begins.tz_localize("UTC"),
        "reported_on": begins.normalize(),
        "returned_at": ends and ends.tz_localize("UTC"),
        "returned_on": ends and ends.normalize(),
        "local_authority": "W06000022",
        "missing_from": "home",
        "risk_first": "medium",
        "risk_highest": "medium",
        "harm": "no",
        "interview": "done",
        "definition": "app_2017",
        "quarter": quarter or str(max(Quarter.of(begins.date()), FIRST)),
        **facts,
    }
    return [("missing_episodes", row)]


def episodes(key: str, days: str) -> list[Row]:
    """Several episodes; the days are written with spaces between."""
    return [row for day in days.split() for row in episode(key, day)]


def away(key: str, from_on: str, to_on: str | None, *, quarter: str | None = None) -> list[Row]:
    """A spell away; it goes on if `to_on` is None."""
    told = quarter or str(max(Quarter.of(date.fromisoformat(from_on)), FIRST))
    row = {"child_key": key, "from_on": from_on, "to_on": to_on, "reason": "hospital"}
    return [("away_spells", {**row, "quarter": told})]


def meeting(key: str, day: str, decision: str = "no_referral", **facts) -> list[Row]:
    """What a meeting decided of a child."""
    row = {
        "child_key": key,
        "met_on": day,
        "local_authority": "W06000022",
        "decision": decision,
        **facts,
    }
    return [("meeting_decisions", {**row, "quarter": str(Quarter.of(date.fromisoformat(day)))})]


def referral(
    key: str, day: str, decision: str = "accepted", *, quarter: str | None = None, **facts
) -> list[Row]:
    """A referral as the service tells of it."""
    row = {
        "referral_ref": f"SG-{key}-{day}",
        "child_key": key,
        "local_authority": "W06000022",
        "referred_on": day,
        "source": "missing_meeting",
        "reason": "missing",
        "decision": decision,
        "quarter": quarter or str(max(Quarter.of(date.fromisoformat(day)), FIRST)),
        **facts,
    }
    return [("st_giles_referrals", row)]


def believed(*parts: Iterable[Row], quarter: str = "2024Q4", not_sent: str = "") -> Snapshot:
    """The snapshot at `quarter`: every form came every quarter since 2023Q1, except `not_sent`.

    `not_sent` names forms, or form/quarter: 'missing_episodes/2023Q4 children'. Rows of a return
    that was not sent are not there, as they would not be.
    """
    last = Quarter.parse(quarter)
    arrived = {
        (SENT_BY[form], form, each)
        for form in COLUMNS
        for each in FIRST.to(last)
        if form not in not_sent.split() and f"{form}/{each}" not in not_sent.split()
    }
    rows = [row for part in parts for row in part]
    tables = {form: _table(form, rows, arrived) for form in COLUMNS}
    return Snapshot("S1", last, tables, frozenset(arrived), (), GWENT)


def _table(form: str, told: list[Row], arrived: set) -> pd.DataFrame | None:
    if not any(name == form for _, name, _ in arrived):
        return None
    sent = {str(quarter) for _, name, quarter in arrived if name == form}
    rows = [row for name, row in told if name == form and row["quarter"] in sent]
    types = dict(column.partition(":")[::2] for column in COLUMNS[form].split())
    frame = pd.DataFrame(rows, columns=[*types, "quarter"]).assign(provider=SENT_BY[form])
    for column, kind in {**types, "quarter": "", "provider": ""}.items():
        values = (
            pd.to_datetime(frame[column], utc=kind == "t")
            if kind in "dt" and kind
            else frame[column]
        )
        frame[column] = values.astype(DTYPES[kind])
    return frame.sort_values(["quarter", next(iter(types))], kind="stable", ignore_index=True)
