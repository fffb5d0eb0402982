"""A toy form of visits, and returns of it as `parse` and `check` would hand them over."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

import pandas as pd

from evaluation.language import _
from evaluation.nouns import Checked, Code, CodeList, Field, Finding, Form, Return, Sheet
from evaluation.quarters import Quarter

NOW = datetime(2025, 7, 3, 9, 30, 0, 250, tzinfo=UTC)
Q1 = Quarter(2025, 1)


FIELDS = (
    Field("visit_ref", "ref", "must", _("Visit")),
    Field(
        "kind", "code", "must", _("Kind"), None, CodeList("kind", (Code("home", _("Home")),), "")
    ),
    Field("begun_at", "datetime", "must", _("Begun")),
    Field("due_on", "date", "want", _("Due")),
    Field("born_in", "month", "may", _("Born")),
    Field("minutes", "int", "want", _("Minutes")),
    Field("seen", "flag", "may", _("Seen")),
)


def declared(name: str = "visits", *, fields=FIELDS, version: int = 1) -> Form:
    title = _("Visits")
    # The store never looks at the model.
    return Form(name, title, title, title, object, ("visit_ref",), (), fields, version)


FORMS = {"visits": declared(), "calls": declared("calls")}


def visits(*refs: str, minutes: int | None = 10, start: str = "2025-06-30 23:30") -> pd.DataFrame:
    """One row per reference, indexed by a sheet's row numbers; 23:30 UTC is the next day here."""
    n = len(refs)
    begun = pd.Series([pd.Timestamp(start, tz="UTC")] * n, dtype="datetime64[us, UTC]")
    local = begun.dt.tz_convert("Europe/London").dt.tz_localize(None).dt.normalize()
    rows = pd.DataFrame(
        {
            "visit_ref": pd.Series(refs, dtype="str"),
            "kind": pd.Series(["home"] * n, dtype="str"),
            "begun_at": begun,
            "begun_on": local.astype("datetime64[us]"),
            "due_on": pd.Series([pd.Timestamp("2025-05-01")] * n, dtype="datetime64[us]"),
            "born_in": pd.Series([pd.NaT] * n, dtype="datetime64[us]"),
            "minutes": pd.Series([minutes] * n, dtype="Int64"),
            "seen": pd.Series([None] * n, dtype="str"),
        }
    )
    return rows.set_index(pd.RangeIndex(4, 4 + n))


def checked(
    tables: Mapping[str, pd.DataFrame] | None = None,
    *,
    provider: str | None = "team",
    quarter: Quarter | None = Q1,
    file: str = "first",
    nil: tuple[str, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> Checked:
    """A return whose file is known by the word `file`."""
    tables = {"visits": visits("V-1", "V-2")} if tables is None else tables
    sheets = tuple(
        Sheet(f"Sheet of {name}", name, 3, {"visit_ref": "A"}, pd.DataFrame()) for name in tables
    )
    source = Return(sha256(file.encode()).hexdigest(), provider, quarter, "en", sheets, nil)
    return Checked(source, tables, findings)


def finding(severity="explain", *, sheet="Sheet of visits", row=4, rule="VIS-01") -> Finding:
    message = _("The value {value} is long.", value="SECRET-VALUE")
    return Finding(rule, severity, message, _("Look."), sheet, row, "D", "V-1")
