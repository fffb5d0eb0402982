"""Read a return: every cell as text with its address, and what the layout alone shows wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from openpyxl.utils import get_column_letter

from evaluation.language import LANGUAGES, Language
from evaluation.nouns import Explanation, Field, Finding, Form, Provider, Return, Sheet, When
from evaluation.returns import faults, identifiers
from evaluation.returns.cover import Cover, language_of, read_cover
from evaluation.returns.explaining import read_explanations
from evaluation.returns.grid import text_grid
from evaluation.returns.layout import (
    COVER_LABELS,
    GUIDANCE,
    OTHER_SHEETS,
    header_spellings,
    plain,
    sheet_name,
    sheet_spellings,
)
from evaluation.returns.workbooks import open_workbook

HEADER_WITHIN = 15
"""The line of titles stands among the first rows that are not blank."""


@dataclass(frozen=True)
class _Page:
    """One sheet as text; `kind` is a form's name, a key of OTHER_SHEETS, or None."""

    name: str
    kind: str | None
    grid: pd.DataFrame


def read_return(path: Path, forms: Mapping[str, Form], providers: Mapping[str, Provider]) -> Return:
    """Read one workbook; nothing in it is interpreted but the Cover.

    A day is '2025-08-14' and a date with a time '2025-08-14T13:05:00' in the text cells, however
    the workbook keeps them; a column of days may show midnight, a column of times a day without
    a time. What the layout shows wrong, and whatever would identify a person, is in `findings`.
    Raises BrokenFile where the file cannot be read as a workbook at all.
    """
    data, raw = open_workbook(path)
    kinds = sheet_spellings(forms.values())
    pages = [
        _Page(sheet.name, kinds.get(plain(sheet.name)), text_grid(sheet.rows)) for sheet in raw
    ]

    first = {page.kind: page for page in reversed(pages)}
    cover_page = first.get("cover")
    cover = (
        read_cover(cover_page.name, cover_page.grid, forms, providers) if cover_page else Cover()
    )
    findings: list[Finding] = [] if cover_page else [faults.NO_COVER.at()]
    findings += cover.findings
    ours = cover_page is not None or any(kind in forms for kind in first)

    sheets: list[Sheet] = []
    explanations: tuple[Explanation, ...] = ()
    for page in pages:
        if page.kind is None:
            if ours:
                findings.append(faults.UNKNOWN_SHEET.at(page.name, titles=_titles(cover, forms)))
            findings += identifiers.find(page.grid, page.name, {})
        elif page is not first[page.kind]:
            findings.append(faults.TWICE.at(page.name, first=first[page.kind].name))
            findings += identifiers.find(page.grid, page.name, {})
        elif page.kind == "explanations":
            explanations, told = read_explanations(page.name, page.grid)
            findings += told
        elif page.kind not in forms:
            findings += identifiers.find(page.grid, page.name, _places_of(page))
        elif cover.provider and page.kind not in cover.provider.forms:
            findings.append(faults.NOT_OWED.at(page.name, provider=cover.provider.title))
            findings += identifiers.find(page.grid, page.name, {})
        else:
            sheet = _form_sheet(page, forms[page.kind], cover, findings)
            sheets += [sheet] if sheet else []
    if ours and not cover.nil and not any(kind in forms for kind in first):
        findings.append(faults.NOTHING_SENT.at())

    return Return(
        sha256=hashlib.sha256(data).hexdigest(),
        provider=cover.provider.name if cover.provider else None,
        quarter=cover.quarter,
        language=_language(pages, cover, forms),
        sheets=tuple(sheets),
        nil=cover.nil,
        template_version=cover.template_version,
        contact_role=cover.contact_role,
        history_from=cover.history_from,
        findings=tuple(dict.fromkeys(findings)),
        explanations=explanations,
    )


def _form_sheet(page: _Page, form: Form, cover: Cover, findings: list[Finding]) -> Sheet | None:
    """The sheet of a form, its columns named by field; None where it has no line of titles."""
    known = header_spellings(form)
    header_row = _header_row(page.grid, known)
    if header_row is None:
        if not (page.grid.empty and form.name in cover.nil):
            findings.append(faults.NO_TITLES.at(page.name))
        findings += identifiers.find(page.grid, page.name, {})
        return None

    below = page.grid.loc[page.grid.index > header_row]
    below = below[~_is_guidance(below)]
    above = page.grid.drop(below.index)
    columns, faulty = _columns(page, form, known, header_row, below)
    findings += faulty
    fields = {number: form.field(name) for name, number in columns.items()}
    places: dict[int, identifiers.Place] = {number: item.kind for number, item in fields.items()}
    # A column whose title says it all is refused once, not again for each of its cells.
    told = {item.column for item in faulty if item.rule.startswith("ID-")}
    rest = [number for number in page.grid.columns if get_column_letter(int(number)) not in told]
    findings += identifiers.find(above[rest], page.name, {})
    findings += identifiers.find(below[rest], page.name, places)

    cells = below[list(columns.values())].dropna(how="all")
    cells = cells.set_axis(pd.Index(list(columns), dtype="str"), axis="columns")
    for field in fields.values():
        cells = _days(cells, field)
    if not cells.empty and form.name in cover.nil:
        findings.append(faults.NIL_WITH_ROWS.at(page.name))
    if cells.empty and form.name not in cover.nil:
        findings.append(faults.NO_ROWS.at(page.name))
    letters = {name: get_column_letter(number) for name, number in columns.items()}
    return Sheet(page.name, form.name, header_row, letters, cells)


def _header_row(grid: pd.DataFrame, known: Mapping[str, str]) -> int | None:
    """The row with the most titles that the form has, and at least two (one if it has no more)."""
    best, most = None, min(1, len(set(known.values())) - 1)
    for row, cells in grid.head(HEADER_WITHIN).iterrows():
        titles = {known[words] for words in map(plain, cells.dropna()) if words in known}
        if len(titles) > most:
            best, most = int(str(row)), len(titles)
    return best


def _columns(
    page: _Page, form: Form, known: Mapping[str, str], header_row: int, below: pd.DataFrame
) -> tuple[dict[str, int], list[Finding]]:
    """Each field's column number, in the sheet's order, and what is wrong with the titles."""
    columns: dict[str, int] = {}
    findings: list[Finding] = []
    for name, title in page.grid.loc[header_row].items():
        number = int(str(name))
        letter = get_column_letter(number)
        field = known.get(plain(title)) if isinstance(title, str) else None
        if field and field not in columns:
            columns[field] = number
        elif field:
            twice = faults.TWICE_A_COLUMN
            findings.append(twice.at(page.name, header_row, letter, title=form.field(field).title))
        elif isinstance(title, str):
            fault = identifiers.in_title(title) or faults.UNKNOWN_COLUMN
            findings.append(fault.at(page.name, header_row, letter))
        elif below[number].notna().any():
            findings.append(faults.NO_TITLE.at(page.name, header_row, letter))
    missing = [field for field in form.fields if field.name not in columns]
    findings += [_missing(item, columns).at(page.name, title=item.title) for item in missing]
    return columns, findings


def _missing(field: Field, columns: Mapping[str, int]) -> faults.Fault:
    match field.need:
        case "may":
            return faults.MISSING_MAY
        case When(column) if column not in columns:
            return faults.MISSING_MAY  # without the answer that makes it necessary, never needed
        case _:
            return faults.MISSING_COLUMN


def _is_guidance(rows: pd.DataFrame) -> pd.Series:
    """The line of a template that tells what to write: every cell begins with its sign."""
    told = rows.apply(lambda column: column.isna() | column.str.startswith(GUIDANCE).fillna(False))
    return told.all(axis="columns") if len(rows) else pd.Series(dtype=bool, index=rows.index)


def _days(cells: pd.DataFrame, field: Field) -> pd.DataFrame:
    """A day or month without the midnight that some spreadsheets show with it."""
    if field.kind not in {"date", "month"}:
        return cells
    return cells.assign(**{field.name: cells[field.name].str.removesuffix("T00:00:00")})


def _places_of(page: _Page) -> dict[int, identifiers.Place]:
    return {int(number): "ours" for number in page.grid.columns if page.kind == "findings"}


def _titles(cover: Cover, forms: Mapping[str, Form]) -> tuple[object, ...]:
    owed = cover.provider.forms if cover.provider else tuple(forms)
    titles = [forms[name].title for name in owed if name in forms]
    return (OTHER_SHEETS["cover"], *titles, OTHER_SHEETS["notes"])


def _language(pages: list[_Page], cover: Cover, forms: Mapping[str, Form]) -> Language:
    """The language of the sheets' names and the Cover's labels, where they tell."""

    def words(language: Language) -> Iterator[str]:
        for form in forms.values():
            yield plain(sheet_name(form.title, language))
        for text in (*OTHER_SHEETS.values(), *COVER_LABELS.values()):
            yield plain(text.to(language))

    known = {language: set(words(language)) for language in LANGUAGES}
    return language_of([*(page.name for page in pages), *cover.labels], known)
