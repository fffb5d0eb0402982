"""Figures as a table for the eye: few digits, whole counts, and what all rows share said once."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

SAID_ONCE = (
    "cohort",
    "outcome",
    "unit",
    "confidence",
    "method",
    "design_level",
    "met",
    "unmet",
    "role",
)
MOST_ROWS = 60


def number(value: float) -> str:
    """A number in 4 significant digits, or all before the point where there are more.

    >>> [number(one) for one in (0.308, 1825.416184, 320699.0, 1.2e-7, math.inf)]
    ['0.3080', '1825', '320699', '1.200e-07', 'inf']
    """
    if math.isinf(value) or value == round(value) or abs(value) >= 1e4:
        return f"{value:.0f}"
    return f"{value:#.4g}".rstrip(".")


def p_value(value: float) -> str:
    """A probability, as `number`, down to where nobody reads its digits any more.

    >>> p_value(0.02), p_value(3e-9)
    ('0.02000', '<0.0001')
    """
    return "<0.0001" if value < 0.0001 else number(value)


def shown(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The rows of `Found.table` as texts, and the line of what is the same in all of them.

    >>> rows, rest = shown(pd.DataFrame({"value": [0.12345, None], "method": "wilson"}))
    >>> rows["value"].tolist(), rest
    (['0.1235', ''], 'method: wilson')
    """
    texts = pd.DataFrame(
        {str(name): [_text(str(name), one) for one in table[name].tolist()] for name in table},
        dtype=object,
    )
    once = [name for name in SAID_ONCE if name in texts and len(set(texts[name])) == 1]
    said = [(name, texts[name].iloc[0]) for name in once if not _goes_without_saying(texts, name)]
    return texts.drop(columns=once), "; ".join(f"{name}: {text}" for name, text in said)


def _goes_without_saying(texts: pd.DataFrame, name: str) -> bool:
    if name == "confidence":
        return not any((texts[end] != "").any() for end in ("low", "high") if end in texts)
    return (name, texts[name].iloc[0]) in {("unit", "children"), ("role", "description")}


def _text(name: str, value: object) -> str:
    if isinstance(value, tuple):
        return _codes(value)
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if name == "confidence":
        return f"{value:g}"
    return p_value(value) if name == "p" else number(value)


def _codes(value: Sequence[object]) -> str:
    return ", ".join(str(one) for one in value)
