"""The words in which a form is declared: a pandera model whose fields carry what people read.

    class Children(pa.DataFrameModel):
        child_key: Words = key(_("Child key"))
        birth_month: Day = month(_("Birth month"), about=_("Month and year of birth; never the day"))

Everything else (template, parser, checks, dictionary) is derived from such a model.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from evaluation.language import Text
from evaluation.nouns import CodeList, Field, Form, Kind, Need, Rule

# What a column holds once parsed. A datetime is kept in UTC; the store adds its local civil day.
Words = str
Whole = pd.Int64Dtype
Day = np.dtype("datetime64[us]")
Moment = pd.DatetimeTZDtype

FLAGS = ("yes", "no", "not_known", "not_asked", "declined")

KEY = r"[0-9A-HJKMNP-TV-Z]{12}"
"""Crockford base 32: eleven characters and a Luhn check character over the same alphabet."""

REF = r"(?=.*\d)[A-Za-z0-9/_-]{1,24}"
"""A provider's reference: no spaces and at least one digit, so a name never passes for one."""


def key(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """A child key, issued by the data controller."""
    return _field("key", title, need, about, str_matches=f"^{KEY}$")


def ref(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """A provider's own reference."""
    return _field("ref", title, need, about, str_matches=f"^{REF}$")


def code(title: Text, codes: CodeList, *, need: Need = "must", about: Text | None = None) -> Any:
    """One answer of a code list."""
    return _field("code", title, need, about, codes=codes, isin=list(codes.values))


def flag(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """Yes or no; 'not known', 'not asked' and 'declined' are answers of their own."""
    return _field("flag", title, need, about, isin=list(FLAGS))


def date(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """A day, at midnight, without a time zone."""
    return _field("date", title, need, about)


def month(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """A month, held as its first day."""
    return _field("month", title, need, about)


def moment(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """A date and a time of day."""
    return _field("datetime", title, need, about, dtype_kwargs={"unit": "us", "tz": "UTC"})


def whole(title: Text, *, need: Need = "must", about: Text | None = None) -> Any:
    """A whole number, 0 or more."""
    return _field("int", title, need, about, ge=0)


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
) -> Form:
    """A form from its model; the fields are read off the model, in the order declared."""
    columns = model.to_schema().columns
    fields = tuple(column.metadata["field"](name) for name, column in columns.items())
    return Form(name, title, one_row_is, sent_by, model, key, rules, fields, version)


def _field(
    kind: Kind,
    title: Text,
    need: Need,
    about: Text | None,
    *,
    codes: CodeList | None = None,
    **checks: Any,
) -> Any:
    return pa.Field(
        nullable=need != "must",
        title=str(title),
        description=str(about) if about else None,
        metadata={"field": lambda name: Field(name, kind, need, title, about, codes)},
        **checks,
    )
