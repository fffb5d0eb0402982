"""What the exploitation team tells: which child was assessed when, and how it was found."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.invented.filling import draw, leave_blank, numbered, tidy
from analyses.invented.process import Lives
from analyses.invented.world import Days
from evaluation.quarters import Quarter
from schemas.exploitation_assessments import AGAIN_AT, AGAIN_WITHIN_DAYS

_ASSESSED = 0.25  # of the children that a meeting discusses
_AGAIN_AT_MOST = 3
_AGAIN_IN_TIME, _AGAIN_LATE = 0.80, 0.10

BANDS = ("none", "mild", "moderate", "significant")
_FIRST_BAND = {"none": 0.16, "mild": 0.38, "moderate": 0.31, "significant": 0.15}
_STEP = {"-1": 0.45, "0": 0.42, "1": 0.13}
_TOOL = {"ceat": 0.86, "seraf": 0.10, "other": 0.04}
_VERSION = {"ceat": "2", "seraf": "2007", "other": "1"}
_STRAND = {"combined": 0.44, "criminal": 0.38, "sexual": 0.18}
_ASSESSOR = {
    "social_services": 0.46, "police": 0.20, "yos": 0.14, "st_giles": 0.10, "health": 0.06,
    "education": 0.04,
}  # fmt: skip


def draw_assessments(
    lives: Lives, children: pd.DataFrame, days: Days, *, rng: np.random.Generator
) -> pd.DataFrame:
    """Assessments of some of the children that a meeting discussed, and of those again.

    One row is one assessment: child and the form's columns without the key. A child at moderate
    or significant is assessed again, most in time; tool and strand stay those of the first.
    """
    met = lives.decisions.groupby("child")["day"].min()
    met = met[rng.random(len(met)) < _ASSESSED]
    who = np.asarray(met.index)
    last = children[["turns"]].assign(gone=children["leaves"] - 1).min(axis=1).to_numpy()[who]
    tool = draw(_TOOL, len(who), rng)
    strand = draw(_STRAND, len(who), rng).mask(tool == "seraf", "sexual")

    day = met.to_numpy() + 2 + rng.gamma(2, 8, len(who)).astype(int)
    band = draw(_FIRST_BAND, len(who), rng).map(BANDS.index).to_numpy()
    goes_on = np.ones(len(who), dtype=bool)
    rounds = []
    for _ in range(1 + _AGAIN_AT_MOST):
        goes_on &= (day <= last) & (day < days.days)
        rounds.append(
            pd.DataFrame(
                {
                    "child": who,
                    "assessed_on": np.busday_offset(days.calendar(day), 0, roll="backward"),
                    "tool": tool,
                    "tool_version": tool.map(_VERSION),
                    "assessor": draw(_ASSESSOR, len(who), rng),
                    "strand": strand,
                    "band": np.array(BANDS)[band],
                }
            )[goes_on]
        )
        luck, soon, late = (
            rng.random(len(who)),
            rng.integers(50, AGAIN_WITHIN_DAYS - 1, len(who)),
            rng.integers(AGAIN_WITHIN_DAYS + 8, 160, len(who)),
        )
        goes_on &= np.isin(band, [BANDS.index(name) for name in AGAIN_AT])
        goes_on &= luck < _AGAIN_IN_TIME + _AGAIN_LATE
        day = day + np.where(luck < _AGAIN_IN_TIME, soon, late)
        step = draw(_STEP, len(who), rng).astype(int).to_numpy()
        band = np.clip(band + step, 0, len(BANDS) - 1)
    rows = pd.concat(rounds).sort_values(["assessed_on", "child"], ignore_index=True)
    rows.insert(1, "assessment_ref", numbered("EA-", len(rows), 5))
    return leave_blank(rows, rng)


def assessments_of(rows: pd.DataFrame, keys: pd.Series, quarter: Quarter) -> pd.DataFrame:
    """The form 'exploitation_assessments' for a quarter."""
    first, last = pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day)
    rows = rows[rows["assessed_on"].between(first, last)]
    form = rows.drop(columns="child")
    form.insert(1, "child_key", rows["child"].map(keys))
    return tidy(form)
