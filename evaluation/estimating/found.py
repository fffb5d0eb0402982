"""What every estimator gives: the same rows, the fitted object behind them, and what to beware of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from html import escape
from typing import Any

import pandas as pd

from evaluation.errors import WrongUse
from evaluation.estimating._shown import MOST_ROWS, shown
from evaluation.language import Text, _
from evaluation.nouns import Estimate

_COUNTS = ("children", "of", "events", "with_events", "days", "design_level")
_NOTHING = _("There is no figure.")


@dataclass(frozen=True, slots=True)
class Beware:
    """A trap that the data come near: its short code, and the sentence that warns of it."""

    trap: str
    text: Text


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an estimator found: its figures as `Estimate` rows, and what stands behind them.

    `model` is the fitted object, where there is one: statsmodels' own results or ours. `beware`
    holds the traps that the data come near, in plain words. It prints as a table for the eye, in 4
    significant digits; `table` has them all.

    >>> found = Found(estimates=(Estimate("", "rate_ratio", "contrast", days=90, value=0.5),))
    >>> found.one("rate_ratio").value
    0.5
    """

    estimates: tuple[Estimate, ...]
    model: Any = field(default=None, repr=False)
    beware: tuple[Beware, ...] = ()

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self.estimates)

    def one(
        self,
        measure: str | None = None,
        group: str | None = None,
        days: int | None = None,
        *,
        outcome: object = None,
    ) -> Estimate:
        """The one figure that answers to what is named; whatever is left out may be anything.

        Raises WrongUse where none does, or more than one.
        """
        kind = None if outcome is None else str(outcome)
        asked = {"measure": measure, "group": group, "days": days, "outcome": kind}
        named = {name: value for name, value in asked.items() if value is not None}
        them = [
            estimate
            for estimate in self.estimates
            if all(getattr(estimate, name) == value for name, value in named.items())
        ]
        if len(them) != 1:
            raise WrongUse(
                _(
                    "{figures} figures answer to {asked}. These were found: {found}.",
                    figures=len(them),
                    asked=", ".join(f"{name}={value}" for name, value in named.items()) or "()",
                    found="; ".join(
                        dict.fromkeys(
                            ", ".join(
                                str(getattr(one, name))
                                for name in asked
                                if name != "outcome" or one.outcome
                            )
                            for one in self
                        )
                    ),
                )
            )
        return them[0]

    @property
    def table(self) -> pd.DataFrame:
        """One row is one figure; columns that say nothing in any row are left out.

        Counts are whole numbers also where one is missing (pandas' Int64).
        """
        rows = pd.DataFrame(
            [{one.name: getattr(row, one.name) for one in fields(Estimate)} for row in self],
            columns=[one.name for one in fields(Estimate)],
        )
        says = [
            name
            for name in rows
            if name in ("measure", "group", "value", "low", "high")
            or any(not _is_blank(value) for value in rows[name])
        ]
        counts = [name for name in says if name in _COUNTS and rows[name].isna().any()]
        return rows[says].astype(dict.fromkeys(counts, "Int64"))

    def placed(self, section: str, **known: Any) -> tuple[Estimate, ...]:
        """The figures as those of a section, with what only the analysis knows (cohort, role …)."""
        return tuple(replace(estimate, section=section, **known) for estimate in self)

    def __init_subclass__(cls, **known: Any) -> None:
        # Otherwise `dataclass` gives each subclass a repr of its own, with every field of every row.
        super().__init_subclass__(**known)
        cls.__repr__ = Found.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        if not self.estimates:
            return "\n".join([str(_NOTHING), *(f"Beware: {one.text}" for one in self.beware)])
        rows, shared = shown(self.table)
        lines = [rows.to_string(index=False, max_rows=MOST_ROWS), shared]
        lines += [f"Beware: {one.text}" for one in self.beware]
        return "\n".join(line for line in lines if line)

    def _repr_html_(self) -> str:
        warned = [f"<p><strong>Beware:</strong> {escape(str(one.text))}</p>" for one in self.beware]
        if not self.estimates:
            return "".join([*warned, f"<p>{escape(str(_NOTHING))}</p>"])
        rows, shared = shown(self.table)
        below = [f"<p>{escape(shared)}</p>"] if shared else []
        return "".join([*warned, rows.to_html(index=False, max_rows=MOST_ROWS), *below])


def _is_blank(value: object) -> bool:
    """Whether a field of a figure stands as it does when nothing was said."""
    if isinstance(value, tuple | str):
        return not value
    return value is None
