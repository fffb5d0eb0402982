"""A share of incidents, with limits that allow for incidents of one family, which are alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from analyses.by_child import part_of_records
from evaluation.estimating.counts import gee
from evaluation.estimating.proportions import wilson

METHOD = "share_by_family"

_FEWEST_FAMILIES = 3
"""With fewer there is no spread between families, and so no limits."""


def share(
    rows: pd.DataFrame, event: pd.Series, *, limits: bool = True, confidence: float = 0.95
) -> dict[str, Any]:
    """The share of `rows` (children at incidents) of which `event` is true, as fields of a figure.

    Brothers and sisters at one incident are told of in one call, and a child may be at many
    incidents, so that rows are fewer than they look. Limits are those of the logit from
    generalised estimating equations, with `family` for the cluster and rows taken as equals, so
    that the value is the plain share. Where all rows fared alike there is no spread to see: then
    they are Wilson's, of as many families as there are. Below three families there are none, nor
    where none are asked for.

        unit, of       records: the rows
        children       distinct children in them; `with_events` those with the event, and
                       `without_events` those with a row without it
        events         rows with the event; `largest_child_events` those of one child, and
                       `largest_child_rest` those without it of one child
    """
    flag = event.to_numpy(dtype=bool)
    children = rows["child_key"]
    told: dict[str, Any] = {
        "unit": "records",
        "children": children.nunique(),
        "of": len(rows),
        **part_of_records(children, pd.Series(flag.astype(int), index=children.index)),
        "confidence": confidence,
        "method": METHOD,
        "design_level": 1,
    }
    if not len(rows):
        return {**told, "why_not": "no_events"}
    low, high = _limits(rows["family"], flag, confidence) if limits else (None, None)
    return {**told, "value": float(flag.mean()), "low": low, "high": high}


def _limits(
    family: pd.Series, flag: np.ndarray, confidence: float
) -> tuple[float | None, float | None]:
    families = family.nunique()
    if families < _FEWEST_FAMILIES:
        return None, None
    if flag.all() or not flag.any():
        found = wilson(families if flag.all() else 0, families, confidence=confidence).one()
        return found.low, found.high
    fit = gee(
        "event ~ 1",
        pd.DataFrame({"event": flag.astype(int), "family": family.to_numpy()}),
        cluster="family",
        family="binomial",
        correlation="independence",
        confidence=confidence,
    )
    low, high = (float(each) for each in expit(fit.model.conf_int().loc["Intercept"]))
    return (low, high) if np.isfinite(low) and np.isfinite(high) else (None, None)
