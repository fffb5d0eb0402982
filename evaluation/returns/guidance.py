"""What a template tells a person: the line under the titles, and the sheet on how to fill it in."""

from __future__ import annotations

from functools import reduce

from evaluation.language import Language, Text, _
from evaluation.nouns import Field, Form, Kind, When
from evaluation.returns.layout import GUIDANCE

_HOW: dict[Kind, Text] = {
    "key": _("12 letters and digits, as the data controller gave it to you."),
    "ref": _("Your own number for it: no spaces, at least one digit, never a name."),
    "code": _("Choose from the list."),
    "flag": _("Choose from the list."),
    "date": _("A date, such as 14/08/2025."),
    "datetime": _("A date and a time, such as 14/08/2025 21:30."),
    "month": _("Year and month, such as 2010-06."),
    "int": _("A whole number."),
}

_REF = _("No spaces, at least one digit, never a name.")

STEPS = (
    _("1. On the sheet Cover, write who to ask (a role, not a name) beside ‘Contact role’."),
    _("2. Fill in one row for each record on the sheets listed below, under the grey line."),
    _(
        "3. A star (*) marks a column that every row must have. The grey line under the titles "
        "says what to write."
    ),
    _("4. Where a cell offers a list, choose from it. ‘Not known’ is an answer; a blank is not."),
    _(
        "5. If there is nothing to report on a sheet, leave it empty and say so on the Cover, "
        "beside ‘Nil return’."
    ),
    _("6. Save it as an Excel workbook (.xlsx), without a password, and send it as agreed."),
)
NEVER = _(
    "Never write a name, a full date of birth, an address, a full postcode, a telephone number, "
    "an e-mail address, an NHS number or a police number of a person anywhere in this workbook. "
    "A workbook with any of these is refused whole, and nothing of it is kept."
)
AFTERWARDS = _(
    "If something is wrong, you get this workbook back with the cells marked and a sheet that "
    "says what to do. Mend it there and send it again."
)
KEEP_AS_IT_IS = _(
    "Please do not add columns or sheets. You may add one sheet called Notes, without names."
)


def guidance(field: Field, form: Form, language: Language) -> str:
    """What to write in a column, for the line under the titles."""
    need = _need(field, form)
    parts = [part.to(language).rstrip(". ") for part in (need, field.about) if part]
    # What a column says of itself goes before our word on references, which are not all their own.
    how = _REF if field.kind == "ref" and field.about else _HOW[field.kind]
    return f"{GUIDANCE} {'. '.join([*parts, how.to(language)])}"


def _need(field: Field, form: Form) -> Text:
    match field.need:
        case "must":
            return _("Must be filled in.")
        case "want":
            return _("Please fill in if you can.")
        case "may":
            return _("May be blank.")
        case When(column, values, otherwise):
            other = form.field(column)
            if not values:
                return _("Only if ‘{other}’ is filled in.", other=other.title)
            labels = [other.codes.label(v) if other.codes else Text(v) for v in values]
            answers = reduce(lambda some, one: _("{some} or {one}", some=some, one=one), labels)
            if otherwise == "may":
                return _(
                    "Must be filled in if ‘{other}’ is: {answers}.",
                    other=other.title, answers=answers,
                )  # fmt: skip
            return _("Only if ‘{other}’ is: {answers}.", other=other.title, answers=answers)
