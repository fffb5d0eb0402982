"""Read a return: every cell as text with its address, and what the layout alone shows wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd
from openpyxl.utils import get_column_letter

from evaluation.language import LANGUAGES, Language
from evaluation.nouns import CaseSystem, Explanation, Field, Finding, Form, Provider, Return, Sheet
from evaluation.returns import faults, identifiers, records
from evaluation.returns.case_systems import (
    every_spelling,
    in_our_codes,
    in_their_words,
    titles_in,
)
from evaluation.returns.cover import Cover, language_of, read_cover
from evaluation.returns.explaining import read_explanations
from evaluation.returns.files import RawFile, RawSheet, open_file
from evaluation.returns.layout import (
    COVER_LABELS,
    OTHER_SHEETS,
    nameless,
    plain,
    sheet_name,
    sheet_spellings,
    tidy,
)
from evaluation.returns.titles import WITHIN, columns_of, header_row
from evaluation.returns.told import Told, by_its_name, contradictions, cover_of


@dataclass(frozen=True)
class _Page:
    """One sheet; `kind` is a form's name, a key of OTHER_SHEETS, or None."""

    raw: RawSheet
    kind: str | None

    @property
    def name(self) -> str:
        return self.raw.name

    @property
    def grid(self) -> pd.DataFrame:
        return self.raw.grid


def read_return(
    path: Path,
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    *,
    told: Told = Told(),  # noqa: B008 (frozen)
) -> Return:
    """Read one workbook, or one form in plain text; nothing is interpreted but the Cover.

    A day is '2025-08-14' and a date with a time '2025-08-14T13:05:00' in the text cells, however
    the file keeps them; a column of times may hold a day without a time. What the layout shows
    wrong, and whatever would identify a person, is in `findings`.

    A file without a Cover says who sends what by its name, or `told` does. Columns and codes of
    the provider's own are read by its `case_system`.

    Raises BrokenFile where the file cannot be read at all.
    """
    file = open_file(path)
    pages, cover, findings = _cover(file, path, forms, providers, told)

    first = {page.kind: page for page in reversed(pages)}
    ours = "cover" in first or any(kind in forms for kind in first)
    findings += [faults.LINKED.at()] if file.linked else []
    called = {sheet.name: page.name for sheet, page in zip(file.sheets, pages, strict=True)}
    asides = (replace(item, sheet=called.get(item.sheet or "")) for item in file.asides)
    findings += identifiers.find_beside(asides)

    sheets: list[Sheet] = []
    explanations: tuple[Explanation, ...] = ()
    for page in pages:
        if page.raw.hidden and page.kind not in {"how", "lists"}:
            findings.append(faults.HIDDEN_SHEET.at(page.name))
        if page.kind is None:
            if ours:
                findings.append(faults.UNKNOWN_SHEET.at(page.name, titles=_titles(cover, forms)))
            findings += identifiers.find(page.grid, page.name, {})
        elif page is not first[page.kind]:
            findings.append(faults.TWICE.at(page.name, first=first[page.kind].name))
            findings += identifiers.find(page.grid, page.name, {})
        elif page.kind == "explanations":
            explanations, faulty = read_explanations(page.name, page.grid)
            findings += faulty
        elif page.kind not in forms:
            findings += identifiers.find(page.grid, page.name, _places_of(page))
        elif cover.provider and page.kind not in cover.provider.forms:
            findings.append(faults.NOT_OWED.at(page.name, provider=cover.provider.title))
            findings += identifiers.find(page.grid, page.name, {})
        else:
            sheet = _form_sheet(
                page.raw,
                forms[page.kind],
                cover,
                findings,
                case_system=cover.provider.case_system if cover.provider else CaseSystem(),
                day_zero=file.day_zero,
            )
            sheets += [sheet] if sheet else []
    if ours and not cover.nil and not any(kind in forms for kind in first):
        findings.append(faults.NOTHING_SENT.at())

    return Return(
        sha256=hashlib.sha256(file.data).hexdigest(),
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


def _cover(
    file: RawFile,
    path: Path,
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    told: Told,
) -> tuple[list[_Page], Cover, list[Finding]]:
    """The pages, who sends them for when, and what is wrong with that."""
    kinds = sheet_spellings(forms.values())
    pages = [_Page(sheet, kinds.get(plain(sheet.name))) for sheet in file.sheets]
    telling = identifiers.in_values([tidy(sheet.name) for sheet in file.sheets], "beside")
    for number, page in enumerate(pages, start=1):
        if tidy(page.name) in telling:  # findings name the sheet, so it gets another name
            pages[number - 1] = _Page(replace(page.raw, name=nameless(number)), None)
    first = next((page for page in pages if page.kind == "cover"), None)
    if first:
        cover = read_cover(first.name, first.grid, forms, providers)
        return pages, cover, [*cover.findings, *contradictions(told, cover, first.name)]

    said = told.or_else(by_its_name(path.stem, forms, providers))
    alone = len(pages) == 1 and pages[0].kind not in forms
    if said == Told() and file.day_zero:  # a workbook of which nothing is known
        return pages, Cover(), [faults.NO_COVER.at()]
    cover = cover_of(said, providers, needs_form=alone)
    if alone and said.form:
        title = forms[said.form].title
        name = sheet_name(title, _language(pages, cover, forms)) if not file.day_zero else ""
        sheet = pages[0].raw
        pages = [_Page(replace(sheet, name=name or sheet.name), said.form)]
    return pages, cover, list(cover.findings)


def _form_sheet(
    raw: RawSheet,
    form: Form,
    cover: Cover,
    findings: list[Finding],
    *,
    case_system: CaseSystem,
    day_zero: date | None,
) -> Sheet | None:
    """The sheet of a form, its columns named by field; None where it has no line of titles."""
    name, grid = raw.name, raw.grid
    called = titles_in(case_system, form)
    known = every_spelling(case_system, form)
    form = in_their_words(form, called)
    row = header_row(grid, known)
    if row is None:
        if not (grid.empty and form.name in cover.nil):
            findings.append(faults.NO_TITLES.at(name))
        findings += identifiers.find(grid, name, {})
        return None

    start = int(grid.index.searchsorted(row)) + 1
    above, below = grid.iloc[:start], records.without_guidance(grid.iloc[start:])
    columns, faulty = columns_of(grid.iloc[start - 1], below, form, known, name)
    findings += faulty
    fields = {number: form.field(field) for field, number in columns.items()}
    places: dict[int, identifiers.Place] = {number: item.kind for number, item in fields.items()}
    # A column whose title says it all is refused once, not again for each of its cells.
    told = {item.column for item in faulty if item.rule.startswith("ID-")}
    rest = [number for number in grid.columns if get_column_letter(int(number)) not in told]
    findings += identifiers.find(above[rest], name, {})
    findings += identifiers.find(below[rest], name, places)

    rows, again = records.without_titles(below, grid.iloc[start - 1], name)
    rows, totals = records.without_totals(rows, fields, name)
    cells, wrong = records.errors(rows[list(columns.values())].dropna(how="all"), fields, name)
    findings += [*again, *totals, *wrong]
    titles = dict.fromkeys(fields, row)
    findings += records.hidden(raw.hidden_rows, raw.hidden_columns, cells.index, titles, name)
    letters = {field: get_column_letter(number) for field, number in columns.items()}
    cells = cells.set_axis(pd.Index(list(columns), dtype="str"), axis="columns")
    for field in fields.values():
        cells, counted = _days(cells, field, day_zero)
        if counted:
            number_for_date = faults.NUMBER_FOR_DATE
            place = (name, row, letters[field.name])
            findings.append(number_for_date.at(*place, title=field.title, n=counted))
    cells = in_our_codes(case_system, form, cells)
    if not cells.empty and form.name in cover.nil:
        findings.append(faults.NIL_WITH_ROWS.at(name))
    if cells.empty and form.name not in cover.nil:
        findings.append(faults.NO_ROWS.at(name))
    return Sheet(name, form.name, row, letters, cells, called)


def _days(cells: pd.DataFrame, field: Field, day_zero: date | None) -> tuple[pd.DataFrame, int]:
    """Dates kept as plain numbers, and days without the midnight that some show with them."""
    if field.kind not in {"date", "month", "datetime"}:
        return cells, 0
    column, counted = records.dates_of_numbers(cells[field.name], day_zero)
    if field.kind != "datetime" and column.str.endswith("T00:00:00").any():
        column = column.str.removesuffix("T00:00:00")
    return cells.assign(**{field.name: column}), counted


def _places_of(page: _Page) -> dict[int, identifiers.Place]:
    return {int(number): "ours" for number in page.grid.columns if page.kind == "findings"}


def _titles(cover: Cover, forms: Mapping[str, Form]) -> tuple[object, ...]:
    owed = cover.provider.forms if cover.provider else tuple(forms)
    titles = [forms[name].title for name in owed if name in forms]
    return (OTHER_SHEETS["cover"], *titles, OTHER_SHEETS["notes"])


def _language(pages: list[_Page], cover: Cover, forms: Mapping[str, Form]) -> Language:
    """The language of the sheets' names and the Cover's labels, or else of the columns' titles."""

    def words(language: Language) -> Iterator[str]:
        for form in forms.values():
            yield plain(sheet_name(form.title, language))
            if not cover.labels:
                yield from (plain(field.title.to(language)) for field in form.fields)
        for text in (*OTHER_SHEETS.values(), *COVER_LABELS.values()):
            yield plain(text.to(language))

    known = {language: set(words(language)) for language in LANGUAGES}
    said = [*(page.name for page in pages), *cover.labels]
    if not cover.labels:
        tops = (page.grid.head(WITHIN) for page in pages)
        said += [text for top in tops for text in top.to_numpy().ravel() if isinstance(text, str)]
    return language_of(said, known)
