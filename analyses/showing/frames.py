"""Figures as a table with columns that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from evaluation.nouns import Estimate, Figure
from schemas._codes import codes

COLUMNS: Mapping[str, str] = {
    "cohort": "cohort",
    "outcome": "of",
    "measure": "what",
    "group": "who",
    "days": "days",
    "children": "children",
    "of": "out of",
    "events": "events",
    "value": "value",
    "low": "from",
    "high": "to",
    "design_level": "design level",
    "role": "role",
    "unmet": "weakened by",
    "why_not": "why not",
    "withheld": "withheld",
}
"""What each field is called. A column in which nothing differs and nothing stands is left out."""

_QUIET = frozenset({"cohort", "outcome", "design_level", "role", "unmet"})
"""Shown where they are asked for only: in most tables they would say the same on every line."""


def told(
    figures: Iterable[Estimate | Figure],
    *measures: str,
    code_list: str | None = None,
    also: Iterable[str] = (),
    **where: Any,
) -> pd.DataFrame:
    """The figures of these measures (all, where none is named), as a table, in their order.

    One row is one figure. `where` asks for fields with a value: cohort="discussed", days=182.
    `code_list` gives groups their labels; `also` adds fields that are quiet otherwise. Values
    have three figures; what is missing is blank, with its reason under 'why not', and columns with
    nothing in them are left out.
    """
    chosen = [
        figure
        for figure in figures
        if (not measures or figure.measure in measures)
        and all(getattr(figure, name) == value for name, value in where.items())
    ]
    fields = [name for name in COLUMNS if name not in _QUIET or name in set(also)]
    rows = pd.DataFrame(
        {name: [getattr(figure, name, None) for figure in chosen] for name in fields}
    )
    for name in ("days", "children", "of", "events"):
        rows[name] = rows[name].astype("Int64")
    for name in ("value", "low", "high"):
        # As objects: together with others a whole number would have its '.0' again.
        short = [None if pd.isna(value) else _three_figures(value) for value in rows[name]]
        rows[name] = pd.Series(short, index=rows.index, dtype=object)
    for name in ("measure", "cohort", "outcome", "role", "why_not"):
        if name in rows:
            rows[name] = rows[name].map(_words, na_action="ignore")
    rows["group"] = rows["group"].map(named(code_list))
    if "unmet" in rows:
        rows["unmet"] = [", ".join(map(_words, codes)) for codes in rows["unmet"]]
    told_of = [
        name
        for name in fields
        if name == "measure"
        or (rows[name].map(_says_something).any() and not (name == "group" and _alone(rows[name])))
    ]
    table = rows[told_of].astype(object).where(rows[told_of].notna(), "")
    return table.rename(columns=COLUMNS).set_index("what")


def named(code_list: str | None) -> Any:
    """What turns a code into its label: of this list, or its own words where there is none."""
    labels = {}
    if code_list is not None:
        labels = {code.code: code.label.to("en") for code in codes(code_list).codes}
    return lambda code: labels.get(code, _words(code))


def _words(code: object) -> str:
    return str(code).replace("_", " ")


def _three_figures(value: float) -> float | int:
    """Three figures, whole from a thousand on; a whole number without its '.0'."""
    short = float(f"{value:.3g}") if abs(value) < 1000 else float(f"{value:.0f}")
    return int(short) if short.is_integer() else short


def _says_something(cell: Any) -> bool:
    return bool(pd.notna(cell)) and cell != ""


def _alone(groups: pd.Series) -> bool:
    return bool((groups == "all").all())
