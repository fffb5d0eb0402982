"""The shape of a form's stored rows, and the way from a frame to it and back.

    field's kind            in the file             in a frame
    key, ref, code, flag    string                  str, missing NaN
    int                     int64                   Int64
    date, month             date32                  datetime64[us], midnight
    datetime x_at           timestamp[us, UTC]      datetime64[us, UTC]
      its local day x_on    date32                  datetime64[us], midnight

The local day stands beside the moment because engines disagree about time zones and agree about
days. Each file carries its form's name and version; rows begin with their provider and quarter,
so that a list of files is enough for any engine that reads Parquet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyarrow as pa
from pandas.api import types

from evaluation.errors import StoreError, WrongUse
from evaluation.language import _
from evaluation.nouns import Field, Form, Kind, civil_day
from evaluation.quarters import Quarter

_WORDS, _DAY, _MOMENT, _WHOLE = pa.string(), pa.date32(), pa.timestamp("us", tz="UTC"), pa.int64()

_STORED: dict[Kind, Any] = {
    "key": _WORDS,
    "ref": _WORDS,
    "code": _WORDS,
    "flag": _WORDS,
    "int": _WHOLE,
    "date": _DAY,
    "month": _DAY,
    "datetime": _MOMENT,
}


def schema(form: Form) -> Any:
    """The Arrow schema of this version of the form's stored rows."""
    columns = [pa.field("provider", _WORDS), pa.field("quarter", _WORDS)]
    for field in form.fields:
        columns.append(pa.field(field.name, _STORED[field.kind]))
        if field.kind == "datetime":
            columns.append(pa.field(civil_day(field.name), _DAY))
    return pa.schema(columns, metadata={"form": form.name, "form_version": str(form.version)})


def empty(form: Form) -> Any:
    """No rows, with the form's columns: a nil return."""
    return schema(form).empty_table()


def conform(rows: pd.DataFrame, form: Form, provider: str, quarter: Quarter) -> Any:
    """The rows as they are stored: the form's columns and types, sorted by key.

    A column that the provider need not send is filled with missing values. Raises WrongUse if
    a column is unknown, of the wrong type, or missing though it must be there; such a table did
    not come from `parse`.
    """
    shape = schema(form)
    for name in rows.columns:
        if name not in shape.names or name in {"provider", "quarter"}:
            raise WrongUse(
                _(
                    "The rows of {form} have a column ‘{column}’, which the form does not have.",
                    form=form.name,
                    column=str(name),
                )
            )
    sender = {"provider": provider, "quarter": str(quarter)}
    arrays = [
        pa.repeat(pa.scalar(sender[column.name], _WORDS), len(rows))
        if column.name in sender
        else _array(rows, form, column.name, column.type)
        for column in shape
    ]
    table = pa.Table.from_arrays(arrays, schema=shape)
    # By key, then by everything: the same rows give the same file in whatever order they came.
    order = [*form.key, *(name for name in shape.names if name not in form.key)]
    return table.sort_by([(name, "ascending") for name in order])


def frame(tables: Iterable[Any]) -> pd.DataFrame:
    """The rows of several files of one form as one frame, in the order given.

    Columns are those of the newest version of the form; a column that an older version lacked is
    missing in its rows. Raises StoreError if a column changed its type between versions.
    """
    held = list(tables)
    newest = sorted(held, key=_version, reverse=True)
    try:
        shape = pa.unify_schemas([table.schema.remove_metadata() for table in newest])
    except pa.ArrowTypeError as error:
        form = newest[0].schema.metadata[b"form"].decode()
        raise StoreError(
            _(
                "The form {form} holds a column whose type changed between versions of the form, "
                "so its returns cannot be read together. A changed column needs a new name.",
                form=form,
            )
        ) from error
    joined = pa.concat_tables(
        [table.replace_schema_metadata() for table in held], promote_options="default"
    ).select(shape.names)
    for place, column in enumerate(shape):
        if column.type == _DAY:
            joined = joined.set_column(
                place, column.name, joined.column(place).cast(pa.timestamp("us"))
            )
    rows: pd.DataFrame = joined.to_pandas(types_mapper={_WHOLE: pd.Int64Dtype()}.get)
    return rows


def _array(rows: pd.DataFrame, form: Form, name: str, kind: Any) -> Any:
    if name not in rows.columns:
        if _must_be_there(form, rows, name):
            raise WrongUse(
                _(
                    "The rows of {form} lack the column ‘{column}’. They must come from `parse`.",
                    form=form.name,
                    column=name,
                )
            )
        return pa.nulls(len(rows), kind)
    values = rows[name]
    if values.isna().all():
        return pa.nulls(len(rows), kind)
    if not _fits(values, kind):
        raise WrongUse(
            _(
                "The column ‘{column}’ of {form} has type {type}, which its field does not "
                "allow. The rows must come from `parse`.",
                form=form.name,
                column=name,
                type=str(values.dtype),
            )
        )
    return pa.array(values, type=kind, from_pandas=True)


def _must_be_there(form: Form, rows: pd.DataFrame, name: str) -> bool:
    fields: dict[str, Field] = {field.name: field for field in form.fields}
    if name in fields:
        return fields[name].need == "must"
    # A moment whose local day was not worked out would lose its day to a reader's time zone.
    return any(
        field.kind == "datetime" and civil_day(field.name) == name and field.name in rows.columns
        for field in form.fields
    )


def _fits(values: pd.Series, kind: Any) -> bool:
    """Whether values may be stored as they are; nothing is converted here, least of all guessed."""
    if kind == _WORDS:
        return types.infer_dtype(values, skipna=True) == "string"
    if kind == _WHOLE:
        return types.is_integer_dtype(values.dtype)
    if kind == _MOMENT:
        return isinstance(values.dtype, pd.DatetimeTZDtype)
    return types.is_datetime64_dtype(values.dtype) and bool(
        (values.dropna() == values.dropna().dt.normalize()).all()
    )


def _version(table: Any) -> int:
    return int(table.schema.metadata[b"form_version"])
