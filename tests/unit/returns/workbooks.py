"""Workbooks made by hand for the tests, and two small forms to read them with."""

from pathlib import Path

import openpyxl
import pandera.pandas as pa
from babel.messages.catalog import Catalog

from evaluation.language import _
from evaluation.nouns import Code, CodeList, Provider, When
from evaluation.returns.declaring import (
    Day,
    Moment,
    Whole,
    Words,
    code,
    date,
    flag,
    form,
    key,
    moment,
    month,
    ref,
    whole,
)

KEY = "EXAMPRE0001W"
PLACES = CodeList(
    "place", (Code("W06000022", _("Newport")), Code("other", _("Another place"))), "ours"
)


class VisitModel(pa.DataFrameModel):
    visit_ref: Words = ref(_("Visit number"))
    child_key: Words = key(_("Child key"))
    seen_at: Moment = moment(_("Seen at"), about=_("When the visit began"))
    agreed_on: Day = date(_("Agreed on"), need="want")
    born: Day = month(_("Month of birth"), need="may")
    place: Words = code(_("Place"), PLACES)
    reason: Words = flag(_("Was there a reason"), need=When("place", ("other",)))
    minutes: Whole = whole(_("Minutes"), need="may")


class CallModel(pa.DataFrameModel):
    call_ref: Words = ref(_("Call number"))
    place: Words = code(_("Place"), PLACES, need="want")


def _form(model, name, title, key):
    words = {"one_row_is": _("One of them"), "sent_by": _("The provider")}
    return form(model, name=name, title=title, key=key, rules=(), **words)


VISITS = _form(VisitModel, "home_visits", _("Home visits"), ("visit_ref",))
CALLS = _form(CallModel, "calls", _("Calls made"), ("call_ref",))
FORMS = {"home_visits": VISITS, "calls": CALLS}
PROVIDERS = {
    "st_elsewhere": Provider("st_elsewhere", _("St Elsewhere"), ("home_visits", "calls")),
    "callers": Provider("callers", _("The callers"), ("calls",)),
}

WELSH = {
    "Cover": "Clawr",
    "Provider": "Darparwr",
    "Quarter": "Chwarter",
    "Nil return": "Ffurflen wag",
    "Yes": "Oes",
    "No": "Nac oes",
    "Notes": "Nodiadau",
    "Findings": "Canfyddiadau",
    "Home visits": "Ymweliadau â'r cartref",
    "Visit number": "Rhif yr ymweliad",
    "Child key": "Allwedd y plentyn",
    "Seen at": "Gwelwyd am",
    "Newport": "Casnewydd",
    "Another place": "Lle arall",
    "St Elsewhere": "Sant Rhywle",
    "Must be mended": "Rhaid ei gywiro",
}


def welsh_catalogue() -> Catalog:
    """A small catalogue, so that no test waits for a translator."""
    catalogue = Catalog(locale="cy")
    for english, welsh in WELSH.items():
        catalogue.add(english, welsh)
    return catalogue


COVER = {
    "Provider": "st_elsewhere",
    "Quarter": "2025Q1",
    "Template version": 1,
    "Contact role": "Data officer",
    "Nil return": "no",
}
VISIT = {
    "visit_ref": "V001",
    "child_key": KEY,
    "seen_at": "14/05/2025 21:30",
    "agreed_on": "14/05/2025",
    "born": "2010-06",
    "place": "W06000022",
    "reason": None,
    "minutes": 45,
}


def save(to: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """A workbook with these sheets, each a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(to)
    return to


def cover(**changes: object) -> list[list[object]]:
    """A right Cover, with changes; None leaves a line out."""
    lines = COVER | {name.replace("_", " "): value for name, value in changes.items()}
    return [[label, value] for label, value in lines.items() if value is not None]


def table(*rows: dict[str, object]) -> list[list[object]]:
    """A sheet with field names for titles; the columns are those of the first row."""
    titles = list(rows[0])
    return [titles, *([row.get(title) for title in titles] for row in rows)]


def right(to: Path, **sheets: list[list[object]]) -> Path:
    """A right workbook: two visits and a call; `sheets` adds or replaces sheets, {} removes."""
    pages = {
        "Cover": cover(),
        "Home visits": table(VISIT, VISIT | {"visit_ref": "V002"}),
        "Calls made": table({"call_ref": "C1", "place": "other"}),
    }
    pages |= {name.replace("_", " "): rows for name, rows in sheets.items()}
    return save(to, {name: rows for name, rows in pages.items() if rows})
