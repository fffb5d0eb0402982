"""The workbook that a provider fills in, made from the forms; a filled one too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.language import Language, Text, _
from evaluation.nouns import Code, CodeList, Field, Form, Provider
from evaluation.quarters import Quarter
from evaluation.returns.explanation_sheet import write_explanations
from evaluation.returns.form_sheets import FORMATS, safe, write_form
from evaluation.returns.guidance import AFTERWARDS, KEEP_AS_IT_IS, NEVER, STEPS
from evaluation.returns.layout import (
    COVER,
    COVER_LABELS,
    EXPLANATIONS,
    HOW,
    LISTS,
    NIL_ALL,
    NIL_NONE,
    TEMPLATE_VERSION,
    sheet_name,
)
from evaluation.returns.saving import save_whole
from evaluation.returns.styles import (
    ANSWER_FILL,
    BOLD,
    LINE,
    PLAIN,
    QUIET,
    TITLE,
    fit_to_page,
    head,
    put,
    widths,
)


def write_template(
    to: Path,
    provider: Provider,
    forms: Mapping[str, Form],
    *,
    quarter: Quarter,
    language: Language,
    rows: Mapping[str, pd.DataFrame] | None = None,
    nil: Iterable[str] = (),
    cover: Mapping[str, object] | None = None,
) -> Path:
    """Write one workbook with every form that the provider owes, empty or filled.

    `rows` gives a frame per form with fields as columns, in types or as a provider would write
    them: codes become their labels, moments in UTC local wall-clock times, anything else that
    is text stays as it is. `nil` names forms with nothing to report. `cover` replaces answers of
    the Cover by the keys of `layout.COVER_LABELS`. Without `rows` nothing is filled in.
    """
    owed = [forms[name] for name in provider.forms if name in forms]
    book = Workbook()
    cover_sheet = book.active
    assert isinstance(cover_sheet, Worksheet)
    cover_sheet.title = sheet_name(COVER, language)
    answers = _answers(provider, quarter, language, [forms[name] for name in nil])
    _write_cover(cover_sheet, answers | dict(cover or {}), owed, quarter, language)
    _write_how(book.create_sheet(sheet_name(HOW, language)), owed, language)
    pages = [(form, book.create_sheet(sheet_name(form.title, language))) for form in owed]
    write_explanations(book.create_sheet(sheet_name(EXPLANATIONS, language)), language)
    lists = book.create_sheet(sheet_name(LISTS, language))
    places = _write_lists(lists, owed, quarter, language)
    for form, sheet in pages:
        filled = (rows or {}).get(form.name, pd.DataFrame())
        write_form(sheet, form, filled, places, language)
    saved = BytesIO()
    book.save(saved)
    return save_whole(to, saved.getvalue())


# ---- Cover, how to, lists -------------------------------------------------------------------------


def _answers(
    provider: Provider, quarter: Quarter, language: Language, nil: list[Form]
) -> dict[str, object]:
    titles = [form.title.to(language) for form in nil]
    return {
        "provider": provider.title.to(language),
        "quarter": str(quarter),
        "template_version": int(TEMPLATE_VERSION),
        "contact_role": None,
        "nil": "; ".join(titles) or NIL_NONE.to(language),
        "history_from": None,
    }


def _write_cover(
    sheet: Worksheet,
    answers: Mapping[str, object],
    owed: list[Form],
    quarter: Quarter,
    language: Language,
) -> None:
    hints = {
        "quarter": quarter.title,
        "contact_role": _("Whom we may ask: a role, such as Data officer. Not a name."),
        "nil": _("No; Yes if there is nothing to report at all; or the sheets with nothing."),
        "history_from": _(
            "Only on a first return that also brings earlier records: the date they start."
        ),
    }
    put(sheet, 1, 1, _("Data return").to(language), TITLE)
    for row, (name, label) in enumerate(COVER_LABELS.items(), start=3):
        put(sheet, row, 1, label.to(language), BOLD)
        answer = sheet.cell(row, 2, safe(answers[name]))
        if isinstance(answer.value, str):
            answer.data_type = "s"  # never a formula
        answer.font, answer.fill, answer.border = PLAIN, ANSWER_FILL, LINE
        answer.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
        if name == "history_from":
            answer.number_format = FORMATS["date"]
        if name in hints:
            put(sheet, row, 3, hints[name].to(language), QUIET)
        if name == "nil":
            choices = [text.to(language) for text in (NIL_NONE, NIL_ALL)]
            choices += [form.title.to(language) for form in owed]
            joined = ",".join(choices)
            # A list typed into a validation holds 255 characters, and none of them a comma.
            if len(joined) < 250 and not any("," in choice for choice in choices):
                listed = DataValidation("list", formula1=f'"{joined}"', showErrorMessage=False)
                listed.add(f"B{row}")
                sheet.add_data_validation(listed)
    widths(sheet, 22, 34, 60)


def _write_how(sheet: Worksheet, owed: list[Form], language: Language) -> None:
    lines: list[tuple[Text, Font]] = [(HOW, TITLE), *((step, PLAIN) for step in STEPS)]
    lines += [(NEVER, BOLD), (AFTERWARDS, PLAIN), (KEEP_AS_IT_IS, PLAIN)]
    for row, (text, font) in enumerate(lines, start=1):
        cell = put(sheet, row, 1, text.to(language), font)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        sheet.row_dimensions[row].height = 16 * (1 + len(str(cell.value)) // 100) + 4
    start = len(lines) + 2
    for column, text in enumerate((_("Sheet"), _("One row is")), start=1):
        head(sheet, start, column, text.to(language))
    for row, form in enumerate(owed, start=start + 1):
        said = [text.to(language) for text in (form.title, form.one_row_is)]
        for column, words in enumerate(said, start=1):
            put(sheet, row, column, words)
        sheet.row_dimensions[row].height = 16 * (1 + len(said[1]) // 60)
    widths(sheet, 30, 70)


def _write_lists(
    sheet: Worksheet, owed: list[Form], quarter: Quarter, language: Language
) -> dict[str, str]:
    """A column per code list; gives where each stands, for the validations."""
    lists: dict[str, tuple[Field, CodeList]] = {}
    for form in owed:
        for field in form.fields:
            if field.codes:
                lists.setdefault(field.codes.name, (field, field.codes))
    places: dict[str, str] = {}
    for column, (name, (field, codes)) in enumerate(lists.items(), start=1):
        letter = get_column_letter(column)
        labels = [code.label.to(language) for code in codes.codes if _in_force(code, quarter)]
        title = _("Yes or no") if field.kind == "flag" else field.title
        head(sheet, 1, column, title.to(language))
        for row, label in enumerate(labels, start=2):
            put(sheet, row, column, label)
        sheet.column_dimensions[letter].width = max(30, *(len(label) + 4 for label in labels))
        places[name] = f"'{sheet.title}'!${letter}$2:${letter}${len(labels) + 1}"
    sheet.freeze_panes = "A2"
    fit_to_page(sheet)
    return places


def _in_force(code: Code, quarter: Quarter) -> bool:
    begun = code.valid_from is None or code.valid_from <= quarter.last_day
    return begun and (code.valid_to is None or code.valid_to >= quarter.first_day)
