"""Cox's model of a whole country: from counts by covariate pattern and day, without its rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from evaluation.errors import WrongUse
from evaluation.estimating.cox import design, kernel
from evaluation.estimating.cox.cells_fit import CellsFit, ratios
from evaluation.estimating.cox.given import chosen, columns_of, numbered, numbers
from evaluation.estimating.cox.grouped import Counts, laid
from evaluation.estimating.cox.kernel import Ties
from evaluation.estimating.cox.risksets import Floats, Whole
from evaluation.estimating.found import Found
from evaluation.estimating.limits import CannotEstimate, two_sided
from evaluation.language import _


def cox_from_cells(
    formula: str,
    cells: pd.DataFrame,
    *,
    leave: str = "leave",
    events: str = "events",
    enter: str | None = None,
    event_rows: str | None = None,
    strata: Any = None,
    ties: Ties = "efron",
    confidence: float = 0.95,
) -> Found:
    """Hazard ratios from counts by covariate pattern and day: exactly those of the rows themselves.

    One row of `cells` is one pattern of covariates on one day; a pattern's day may stand in
    several rows, which are added up. The formula names the day and the covariates, as in `cox`.

        leave    how many (start, stop] rows stop on that day, with an event or without
        events   how many of them with one
        enter    how many start on that day, to be at risk from the next one on; those who are
                 there from the beginning may be left out of it, and all are where it is None

    `strata` names columns of `cells`. Counts may be weights: Efron's ties then want `event_rows`,
    the number of rows behind `events`. So many cells come of a country in one GROUP BY:

        SELECT arm, band, stop AS day, count(*) AS leave, sum(event) AS events
        FROM at_risk GROUP BY ALL

    Errors are those of independent rows: where children have several, compare with the clustered
    ones of `cox` on a sample. A row of cells that lacks a covariate is left out, and `beware` says
    how many rows it stood for. A transform in the formula that looks at all rows (a mean) sees
    each pattern once. `model` is a `CellsFit`.

    Raises WrongUse where counts are missing, negative or do not go together; CannotEstimate where
    there is no event; Collinear as `cox` does.
    Source: Therneau & Grambsch (2000), chapter 3: the sums of the partial likelihood are sums over
    patterns.

    >>> cells = pd.DataFrame({"arm": ["new", "new", "old", "old"], "day": [10, 30, 10, 30],
    ...                       "leave": [20, 80, 40, 60], "events": [20, 5, 40, 5]})
    >>> ratio = cox_from_cells("day ~ arm", cells).one("hazard_ratio")
    >>> ratio.group, round(ratio.value, 3), ratio.events
    ('arm[T.old]', 2.091, 70)
    """
    two_sided(confidence)
    kernel.refuse_unknown_ties(ties)
    day = formula.partition("~")[0].strip()
    counted = {"leave": leave, "events": events, "enter": enter, "event_rows": event_rows}
    said = _said(cells, {role: name for role, name in counted.items() if name is not None}, ties)
    days = numbers(chosen(cells, day), _("The days"))
    if not np.isfinite(days).all():
        raise WrongUse(_("A row of cells has no day."))

    known = {day, leave, events, enter, event_rows}
    by = [name for name in cells.columns if name not in known]
    if not by:
        raise WrongUse(_("The cells have no column of covariates."))
    code = cells.groupby(by, dropna=False, observed=True, sort=False).ngroup().to_numpy()
    patterns = cells.iloc[np.unique(code, return_index=True)[1]].reset_index(drop=True)
    made = design.from_formula(formula, patterns.assign(**{day: 0.0}), depth=1)
    own = (
        None
        if strata is None
        else pd.DataFrame(dict(enumerate(columns_of(chosen(patterns, strata)))))
    )
    missing = made.missing if own is None else made.missing | own.isna().any(axis=1).to_numpy()
    stratum, labels = (
        (np.zeros(int((~missing).sum()), dtype=np.int64), ())
        if own is None
        else numbered(own[~missing])
    )
    stays = ~missing[code]
    found_in = (np.cumsum(~missing) - 1)[code[stays]]
    counts = _counts(
        made.x.reindex(range(len(patterns))).to_numpy(dtype=float)[~missing],
        stratum,
        found_in,
        days[stays],
        {role: values[stays] for role, values in said.items()},
    )
    names = tuple(str(name) for name in made.x.columns)
    grouped = laid(counts)
    fitted = CellsFit(
        names=names,
        ties=ties,
        strata_labels=labels,
        nobs=float(said["leave"][stays].sum()),
        n_events=float(said["events"][stays].sum()),
        n_missing=float(said["leave"][~stays].sum()),
        kernel=kernel.fit(grouped, ties=ties, names=names),
        grouped=grouped,
    )
    return ratios(fitted, confidence)


def _said(cells: pd.DataFrame, counted: dict[str, str], ties: Ties) -> dict[str, Floats]:
    """The counts of each row of cells, by what they count.

    Raises WrongUse where they are missing, negative or do not go together.
    """
    said = {}
    for role, name in counted.items():
        values = numbers(chosen(cells, name), _("The counts"))
        if not (np.isfinite(values) & (values >= 0)).all():
            raise WrongUse(_("A count of “{name}” is missing or negative.", name=name))
        said[role] = values
    if (said["events"] > said["leave"] * (1 + 1e-9)).any():
        raise WrongUse(
            _("A cell has more events than rows that leave. Those who leave include the events.")
        )
    if "event_rows" not in said:
        whole = np.rint(said["events"])
        if (whole == said["events"]).all():
            said["event_rows"] = whole
        elif ties == "breslow":
            said["event_rows"] = np.sign(said["events"])
        else:
            raise WrongUse(
                _(
                    "Events that are weights want the number of rows behind them (`event_rows`), or Breslow's ties."
                )
            )
    if ((said["event_rows"] > 0) != (said["events"] > 0)).any():
        raise WrongUse(_("A cell has events of no row, or rows with an event of no weight."))
    return said


def _counts(
    x: Floats, stratum: Whole, code: Whole, days: Floats, said: dict[str, Floats]
) -> Counts:
    """Cells of pattern and day as a table with a row a pattern and a column a day of events.

    Raises CannotEstimate without an event, WrongUse where more leave a pattern than were there.
    """
    happens = said["events"] > 0
    if not happens.any():
        raise CannotEstimate("no_events")
    moments = np.unique(days[happens])
    place = np.searchsorted(moments, days, side="right")
    width = len(moments) + 1

    def tabled(values: Floats, row: Whole, rows: int) -> Floats:
        flat = np.bincount(row * width + place, values, rows * width)
        return np.asarray(flat, dtype=float).reshape(rows, width)

    leave, entering = tabled(said["leave"], code, len(x)), said.get("enter")
    enter = None if entering is None else tabled(entering, code, len(x))
    if enter is not None:
        later = [np.cumsum(table[:, ::-1], axis=1) for table in (leave, enter)]
        if (later[1] > later[0] * (1 + 1e-9)).any():
            raise WrongUse(
                _("More rows of a pattern start after a day than stop after it: some never stop.")
            )
    _labels, own = np.unique(stratum, return_inverse=True)
    deaths = tabled(said["event_rows"], own[code], len(_labels))
    return Counts(
        x=x,
        stratum=stratum,
        moments=moments,
        leave=leave[:, 1:],
        enter=None if enter is None else enter[:, 1:],
        events=tabled(said["events"], code, len(x))[:, 1:],
        deaths=np.rint(deaths[:, 1:]).astype(np.int64),
    )
