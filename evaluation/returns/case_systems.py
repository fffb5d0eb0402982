"""Returns from a provider whose case system has columns and codes of its own.

A mapping file says which of their columns is which of our fields, and what their codes mean. A
line of it is a column, or one code of a column:

    form      their_column    our_field    their_code    our_code
    children  Client ID       child_key
    children  Gender          sex
    children  Gender          sex          F             female
    children  Case worker
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources.abc import Traversable

import pandas as pd

from evaluation.errors import WrongUse
from evaluation.language import Text, _
from evaluation.nouns import CaseSystem, Field, Form
from evaluation.returns.layout import header_spellings, plain

COLUMNS = ("form", "their_column", "our_field", "their_code", "our_code")


def every_spelling(case_system: CaseSystem, form: Form) -> dict[str, str]:
    """Every way to write a column's title, ours and theirs, to the field's name."""
    theirs = {
        title: field for (name, title), field in case_system.fields.items() if name == form.name
    }
    return header_spellings(form) | theirs


def titles_in(case_system: CaseSystem, form: Form) -> dict[str, str]:
    """Their column for each of the form's fields that they call otherwise."""
    return {
        field: title for (name, field), title in case_system.titles.items() if name == form.name
    }


def in_our_codes(case_system: CaseSystem, form: Form, cells: pd.DataFrame) -> pd.DataFrame:
    """The text cells with our codes for theirs; what has no line stays as it is."""
    codes = case_system.codes
    coded = {field for name, field, _code in codes if name == form.name}
    for field in coded.intersection(cells.columns):
        said = cells[field].dropna().unique()
        ours = {text: codes.get((form.name, field, plain(text)), text) for text in said}
        changed = cells[field].map(ours).replace("", None).astype("str")
        cells = cells.assign(**{field: changed})
    return cells


def in_their_words(form: Form, titles: Mapping[str, str]) -> Form:
    """The form with its columns called as the sender calls them, so that findings do too."""

    def called(field: Field) -> Field:
        return replace(field, title=Text(titles[field.name])) if field.name in titles else field

    return replace(form, fields=tuple(map(called, form.fields))) if titles else form


def read_case_system(path: Traversable, forms: Mapping[str, Form]) -> CaseSystem:
    """A mapping file: UTF-8, separated by commas, with the columns `COLUMNS`.

    Raises WrongUse, with the line, where it names a form, field or code that there is not, or
    says two things of one column or code.
    """
    lines = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    if tuple(lines.fieldnames or ()) != COLUMNS:
        first = _("the first line must be: {columns}", columns=",".join(COLUMNS))
        raise WrongUse(_at(path, 1, first))
    fields: dict[tuple[str, str], str] = {}  # form and their column: our field
    titles: dict[tuple[str, str], str] = {}  # form and our field: their column
    codes: dict[tuple[str, str, str], str] = {}  # form, our field and their code: our code
    for number, line in enumerate(lines, start=2):
        said = {name: (line[name] or "").strip() for name in COLUMNS}
        if wrong := _wrong(said, forms):
            raise WrongUse(_at(path, number, wrong))
        form, column, field = said["form"], said["their_column"], said["our_field"]
        code = plain(said["their_code"])
        again = (
            fields.setdefault((form, plain(column)), field) != field
            or (field and titles.setdefault((form, field), column) != column)
            or (
                code and codes.setdefault((form, field, code), said["our_code"]) != said["our_code"]
            )
        )
        if again:
            raise WrongUse(_at(path, number, _("it says otherwise than a line above it")))
    return CaseSystem(fields, titles, codes)


def _wrong(said: Mapping[str, str], forms: Mapping[str, Form]) -> Text | None:
    form = forms.get(said["form"])
    if form is None:
        return _("there is no form ‘{name}’", name=said["form"])
    if not said["their_column"]:
        return _("their column is missing")
    field = next((item for item in form.fields if item.name == said["our_field"]), None)
    if said["our_field"] and field is None:
        return _("there is no field ‘{name}’", name=said["our_field"])
    known = {code.code for code in field.codes.codes} if field and field.codes else set()
    if said["our_code"] and known and said["our_code"] not in known:
        return _("there is no code ‘{name}’", name=said["our_code"])
    return None


def _at(path: Traversable, line: int, wrong: Text) -> Text:
    return _("{file}, line {line}: {wrong}.", file=path.name, line=line, wrong=wrong)
