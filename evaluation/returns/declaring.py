"""The words in which a form is declared: a pandera model whose fields carry what people read.

    class Children(pa.DataFrameModel):
        child_key: Words = key(_("Child key"))
        birth_month: Day = month(_("Birth month"), about=_("Month and year of birth; never the day"))

    FORM = form(Children, name="children", key=("child_key",), ...)

Everything else (template, parser, checks, dictionary, Table Schema) is derived from such a model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from evaluation.language import Text, _
from evaluation.nouns import Code, CodeList, Field, Form, Need, Rule

# What a column holds once parsed. A moment is kept in UTC; the parser adds its local civil day.
Words = str
Whole = pd.Int64Dtype
Day = np.datetime64
Moment = pd.DatetimeTZDtype

FLAGS = CodeList(
    "flag",
    (
        Code("yes", _("Yes")),
        Code("no", _("No")),
        Code("not_known", _("Not known")),
        Code("not_asked", _("Not asked")),
        Code("declined", _("Declined to say")),
    ),
    "ours",
)
"""The answers to a yes-or-no question; a blank is none of them."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford base 32: no I, L, O or U, which are misread or make words."""

KEY = f"[{ALPHABET}]{{12}}"
"""A child key: eleven characters and a Luhn check character, all of `ALPHABET`."""

REF = "[A-Za-z/_-]*[0-9][A-Za-z0-9/_-]*"
REF_LENGTH = 24
"""A provider's reference: no spaces and at least one digit, so a name never passes for one."""


def key(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """A child key, issued by the data controller."""
    return _field(Field("", "key", need, title, about), str_matches=f"^{KEY}$")


def ref(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """A provider's own reference."""
    return _field(
        Field("", "ref", need, title, about),
        str_matches=f"^{REF}$",
        str_length={"min_value": 1, "max_value": REF_LENGTH},
    )


def code(title: Text, codes: CodeList, *, need: Need = "must", about: Text | None = None) -> Any:
    """One answer of a code list."""
    return _field(Field("", "code", need, title, about, codes), isin=codes.values)


def flag(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """Yes or no; 'not known', 'not asked' and 'declined' are answers of their own."""
    return _field(Field("", "flag", need, title, about, FLAGS), isin=FLAGS.values)


def date(title: Text, *, need: Need = "must", about: Text | None = None, past: bool = False) -> Any:
    """A day, at midnight, without a time zone."""
    return _field(Field("", "date", need, title, about, past=past))


def month(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """A month of birth, held as its first day."""
    return _field(Field("", "month", need, title, about, past=True))


def moment(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """A date and a time of day; its name ends in `_at`."""
    return _field(
        Field("", "datetime", need, title, about), dtype_kwargs={"unit": "us", "tz": "UTC"}
    )


def whole(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """A whole number, 0 or more."""
    return _field(Field("", "int", need, title, about), ge=0)


def form(
    model: type[pa.DataFrameModel],
    *,
    name: str,
    title: Text,
    one_row_is: Text,
    sent_by: Text,
    key: tuple[str, ...],
    rules: tuple[Rule, ...],
    version: int = 1,
    carries: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> Form:
    """A form from its model: the fields in the order declared."""
    return Form(
        name, title, one_row_is, sent_by, model, key, rules, _fields(model), version, carries
    )


def answered(form: Form, fields: Iterable[Field]) -> Form:
    """The form with these in place of its own coded fields of the same names.

    They may have other answers, or other words for them; what is asked stays the same.
    """
    own = {
        each.name: code(each.title, each.codes, need=each.need, about=each.about)
        for each in fields
        if each.codes
    }
    if not own:
        return form
    about = {"__annotations__": dict.fromkeys(own, Words), "__doc__": form.model.__doc__}
    model = type(form.model.__name__, (form.model,), {**about, **own})
    return replace(form, model=model, fields=_fields(model))


def _fields(model: type[pa.DataFrameModel]) -> tuple[Field, ...]:
    columns = model.to_schema().columns
    return tuple(replace(item.metadata["field"], name=name) for name, item in columns.items())


def _field(field: Field, **checks: Any) -> Any:
    """A pandera field that carries ours; its name is known once the model is complete."""
    return pa.Field(
        nullable=field.need != "must",
        title=str(field.title),
        description=str(field.about) if field.about else None,
        metadata={"field": field},
        **checks,
    )
