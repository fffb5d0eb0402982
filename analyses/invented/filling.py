"""What every invented return is filled in with: answers, references, blanks, moments."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.invented.world import Days

_LEFT_BLANK = {
    "ethnicity": 0.02, "disability": 0.05, "language": 0.06, "domestic_abuse": 0.05,
    "exclusion": 0.03, "missing_from": 0.02, "risk_highest": 0.03, "harm": 0.02,
    "recorded": 0.03, "child_present": 0.04, "assessor": 0.05, "activity": 0.06,
}  # fmt: skip
"""The share of answers that nobody gave, in fields where a blank is not refused."""


def draw(shares: dict[str, float], count: int, rng: np.random.Generator) -> pd.Series:
    """Answers at random in these shares."""
    return pd.Series(rng.choice(list(shares), count, p=list(shares.values())), dtype="str")


def numbered(prefix: str, count: int, digits: int) -> list[str]:
    """References in order: EP-000001, EP-000002, ..."""
    return [f"{prefix}{number:0{digits}}" for number in range(1, count + 1)]


def leave_blank(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The rows with some answers that nobody gave; the same ones in every return."""
    blanks = {
        column: rows[column].mask(rng.random(len(rows)) < share)
        for column, share in _LEFT_BLANK.items()
        if column in rows
    }
    return rows.assign(**blanks)


def moment(name: str, minutes: pd.Series, days: Days) -> dict[str, pd.Series]:
    """The two columns of a moment given in minutes of local time since day 0, or missing.

    The hour that does not exist in March moves on to the next; the one that comes twice in
    October is the first.
    """
    wall = pd.Timestamp(days.start) + pd.to_timedelta(minutes, unit="min")
    local = wall.dt.tz_localize(
        "Europe/London", nonexistent="shift_forward", ambiguous=np.ones(len(wall), dtype=bool)
    )
    at = local.dt.tz_convert("UTC").astype("datetime64[us, UTC]")
    on = local.dt.tz_localize(None).dt.normalize()
    return {f"{name}_at": at, f"{name}_on": on}


def tidy(form: pd.DataFrame) -> pd.DataFrame:
    """A form's frame in the types that `parse` gives, in the order of its first column."""
    words = form.select_dtypes(["object", "str"])
    days = form.select_dtypes("datetime64")  # the moments, which have a time zone, are ready
    types = dict.fromkeys(words, "str") | dict.fromkeys(days, "datetime64[us]")
    return form.astype(types).sort_values(str(form.columns[0]), kind="stable", ignore_index=True)
