"""Returns made by hand: text cells as reading would give them."""

from collections.abc import Iterable, Mapping

import pandas as pd
from openpyxl.utils import get_column_letter

from evaluation.nouns import Checked, Finding, Form, Return, Sheet
from evaluation.quarters import Quarter
from evaluation.returns.parsing import READ, parse
from schemas import FORMS

KEY, OTHER_KEY = "EXAMPRE0001W", "EXAMPRE0002T"

CHILD = {
    "child_key": KEY,
    "birth_month": "2010-06",
    "sex": "female",
    "ethnicity": "W1",
    "local_authority": "W06000022",
    "care_status": "not_looked_after",
    "disability": "no",
    "language": "welsh",
    "domestic_abuse": "not_asked",
    "exclusion": "none",
    "history_from": "01/04/2024",
}
EPISODE = {
    "episode_ref": "M001",
    "child_key": KEY,
    "reported_at": "01/05/2025 21:30",
    "returned_at": "02/05/2025 08:00",
    "local_authority": "Newport",
    "missing_from": "home",
    "risk_first": "medium",
    "risk_highest": "medium",
    "harm": "no",
    "interview": "declined",
    "definition": "app_2017",
}
DECISION = {
    "child_key": KEY,
    "met_on": "06/05/2025",
    "local_authority": "W06000022",
    "decision": "refer_st_giles",
}
REFERRAL = {
    "referral_ref": "SG001",
    "child_key": KEY,
    "local_authority": "W06000022",
    "referred_on": "06/05/2025",
    "source": "missing_meeting",
    "reason": "missing",
    "decision": "accepted",
    "decided_on": "09/05/2025",
    "first_session_on": "20/05/2025",
    "sessions_offered": "4",
    "sessions_attended": "3",
}
SPELL = {
    "child_key": KEY,
    "from_on": "06/05/2025",
    "to_on": "20/05/2025",
    "reason": "Out of the area",
}
ASSESSMENT = {
    "assessment_ref": "A001",
    "child_key": KEY,
    "assessed_on": "10/04/2025",
    "tool": "ceat",
    "tool_version": "1-2",
    "assessor": "yos",
    "strand": "combined",
    "band": "moderate",
}
SESSION = {
    "session_ref": "S001",
    "held_on": "06/05/2025",
    "local_authority": "W06000022",
    "venue_ref": "V01",
    "activity": "football",
    "minutes": "90",
    "attendances": "24",
    "first_attendances": "3",
    "cancelled": "no",
}
INCIDENT = {
    "incident_ref": "D001",
    "child_key": KEY,
    "incident_at": "06/05/2025 21:30",
    "recorded_at": "06/05/2025 23:05",
    "local_authority": "W06000022",
    "school_ref": "9990501",
    "child_present": "not_asked",
    "outcome": "School notified",
    "notified_at": "07/05/2025 08:15",
}
CLOSURE = {
    "school_ref": "9990501",
    "local_authority": "W06000022",
    "from_on": "26/05/2025",
    "to_on": "30/05/2025",
    "kind": "holiday",
}
RIGHT = {
    "children": CHILD,
    "missing_episodes": EPISODE,
    "away_spells": SPELL,
    "meeting_decisions": DECISION,
    "exploitation_assessments": ASSESSMENT,
    "st_giles_referrals": REFERRAL,
    "positive_futures_referrals": REFERRAL | {"activity": "boxing"},
    "positive_futures_sessions": SESSION,
    "op_encompass_incidents": INCIDENT,
    "school_closures": CLOSURE,
}
"""A row of each form with nothing wrong."""


def sheet(
    form: str, *rows: Mapping[str, str], columns: Iterable[str] | None = None, first_row: int = 2
) -> Sheet:
    """A sheet with titles above its rows; all of the form's columns unless some are named."""
    names = list(columns) if columns is not None else [field.name for field in FORMS[form].fields]
    texts = [[row.get(name) or None for name in names] for row in rows]
    numbers = range(first_row, first_row + len(rows))
    cells = pd.DataFrame(texts, columns=names, index=pd.Index(numbers, dtype="int64"), dtype="str")
    letters = {name: get_column_letter(place) for place, name in enumerate(names, start=1)}
    return Sheet(FORMS[form].title.message, form, first_row - 1, letters, cells)


def return_of(*sheets: Sheet, quarter: str | None = "2025Q1", nil: tuple[str, ...] = ()) -> Return:
    """A return of some provider."""
    return Return(
        sha256="0" * 64,
        provider="somebody",
        quarter=Quarter.parse(quarter) if quarter else None,
        language="en",
        sheets=sheets,
        nil=nil,
    )


def parsed(
    form: str, *rows: Mapping[str, str], quarter: str | None = "2025Q1", **options
) -> Checked:
    """Rows of one form, parsed."""
    return parse(return_of(sheet(form, *rows, **options), quarter=quarter), FORMS)


def accepted(form: str, returns: Mapping[str, Iterable[Mapping[str, str]]]) -> pd.DataFrame:
    """What a store would give of earlier returns, by quarter."""
    tables = [
        parsed(form, *rows, quarter=quarter)
        .tables[form]
        .assign(provider="somebody", quarter=quarter)
        for quarter, rows in returns.items()
    ]
    return pd.concat(tables, ignore_index=True).astype({"provider": "str", "quarter": "str"})


def about(form: Form, findings: Iterable[Finding]) -> set[tuple[str, int | None, str | None]]:
    """Rule, row and field of each finding: what most tests look at."""
    names = {get_column_letter(n): field.name for n, field in enumerate(form.fields, start=1)}
    return {(item.rule, item.row, names.get(item.column or "")) for item in findings}


def value(form, field_name, text):
    """What one cell becomes, and the faults that it has."""
    field = FORMS[form].field(field_name)
    column = READ[field.kind](pd.Series([text], dtype="str"), field)
    return column.typed.iloc[0], {fault.id for fault, at in column.faults.items() if at[0]}
