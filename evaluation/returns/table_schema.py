"""A form as a Frictionless Table Schema, for programs that make or check its rows as text.

Dates are ISO there, and times are local wall-clock times, as the forms ask for.
"""

from __future__ import annotations

import json
from typing import Any

from evaluation.language import Language
from evaluation.nouns import Field, Form, Kind, When
from evaluation.returns.declaring import KEY, REF, REF_LENGTH

TYPES: dict[Kind, dict[str, str]] = {
    "key": {"type": "string"},
    "ref": {"type": "string"},
    "code": {"type": "string"},
    "flag": {"type": "string"},
    "date": {"type": "date"},
    "datetime": {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S"},
    "month": {"type": "yearmonth"},
    "int": {"type": "integer"},
}


def table_schema(form: Form, language: Language) -> str:
    """The schema as JSON. `need` is ours: what Table Schema has no word for."""
    schema = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": form.name,
        "title": form.title.to(language),
        "description": form.one_row_is.to(language),
        "fields": [_field(field, language) for field in form.fields],
        "primaryKey": list(form.key),
        "missingValues": [""],
    }
    return json.dumps(schema, ensure_ascii=False, indent=2)


def _field(field: Field, language: Language) -> dict[str, Any]:
    described: dict[str, Any] = {"name": field.name, "title": field.title.to(language)}
    if field.about:
        described["description"] = field.about.to(language)
    described |= TYPES[field.kind]
    described["need"] = _need(field)
    if field.codes:
        described["categories"] = [
            {"value": code.code, "label": code.label.to(language)} for code in field.codes.codes
        ]
    if constraints := _constraints(field):
        described["constraints"] = constraints
    return described


def _need(field: Field) -> str | dict[str, Any]:
    match field.need:
        case When(column, values, otherwise):
            return {"when": column, "is": list(values) or "filled in", "otherwise": otherwise}
        case word:
            return word


def _constraints(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if field.need == "must" else {}
    match field.kind:
        case "key":
            constraints["pattern"] = KEY
        case "ref":
            constraints |= {"pattern": REF, "maxLength": REF_LENGTH}
        case "int":
            constraints["minimum"] = 0
        case "code" | "flag":
            assert field.codes is not None, field.name
            constraints["enum"] = list(field.codes.values)
        case _:
            pass
    return constraints
