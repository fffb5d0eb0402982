"""Events that happen more than once to a child: calls of Cox's model.

All of them cluster on the child: its rows are not independent, and errors that take them for so
are too small (where nothing was to be found, 28 in 100 such intervals found something).

Start with `evaluation.estimating.survival`'s mean number of events, which assumes nothing. Then
Andersen-Gill is the rate ratio over all events; the two Prentice-Williams-Peterson models compare
children who have had as many events before, and are for seeing whether the answer holds. What
came of earlier events stands in their strata, so that their ratios are not effects on all events.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from evaluation.errors import WrongUse
from evaluation.estimating.cox.given import chosen, columns_of, events, numbers
from evaluation.estimating.cox.kernel import Ties
from evaluation.estimating.cox.model import Cox
from evaluation.estimating.cox.ratios import hazard_ratios
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.limits import two_sided
from evaluation.language import _, n_

FEW = 5
"""A stratum with fewer events than this says next to nothing by itself."""


def andersen_gill(
    formula: str,
    data: pd.DataFrame,
    *,
    child: str = "child_key",
    start: str = "start",
    event: str = "event",
    strata: Any = None,
    weights: Any = None,
    ties: Ties = "efron",
    confidence: float = 0.95,
) -> Found:
    """Hazard ratios over all events of a child, as if earlier ones made no difference to the next.

    One row of `data` is one (start, stop] of one child, in any unit; `event` is 1 where an event
    falls on the stop. The formula names the stop and the covariates, which may change from row to
    row. `evaluation.following.recurring` gives such rows. Rows with missing values are left out
    and `beware` says how many. Figures and their `model` are those of `cox`.

    Raises WrongUse where a child's rows overlap, for then it is at risk twice; and as `cox` does.
    Source: Andersen & Gill (1982), Ann Statist 10:1100; errors: Lin & Wei (1989), JASA 84:1074.
    The numbers are R's `coxph(Surv(start, stop, event) ~ …, cluster = id)`.

    >>> rows = pd.DataFrame({
    ...     "child_key": list("aabbccd"), "start": [0, 5, 0, 9, 0, 4, 0],
    ...     "stop": [5, 20, 9, 20, 4, 11, 20], "event": [1, 0, 1, 0, 1, 1, 0],
    ...     "arm": ["new", "new", "old", "old", "old", "old", "new"]})
    >>> ratio = andersen_gill("stop ~ arm", rows).one("hazard_ratio")
    >>> ratio.group, round(ratio.value, 3), ratio.children
    ('arm[T.old]', 3.0, 4)
    """
    two_sided(confidence)
    _in_order(data, formula, child=child, start=start, event=event)
    model = Cox.from_formula(
        formula,
        data,
        event=event,
        start=start,
        strata=strata,
        cluster=child,
        weights=weights,
        ties=ties,
        eval_env=1,
    )
    found = hazard_ratios(model.fit(warn=False), confidence=confidence)
    return _named(found, f"andersen_gill_{ties}")


def pwp_total(
    formula: str,
    data: pd.DataFrame,
    *,
    child: str = "child_key",
    start: str = "start",
    event: str = "event",
    number: str | None = None,
    most: int | None = None,
    strata: Any = None,
    weights: Any = None,
    ties: Ties = "efron",
    confidence: float = 0.95,
) -> Found:
    """Hazard ratios among children at risk of an event of the same number, by time since time zero.

    Rows are as in `andersen_gill`. The number of the event that a row is at risk of is the events
    of the child before it and 1, or the column `number`; from the number `most` on they are one
    stratum, for late strata hold few events (`beware` says where they do).

    Raises WrongUse where a child's rows overlap, where what numbers them is missing, where `most`
    is less than 1; and as `cox` does.
    Source: Prentice, Williams & Peterson (1981), Biometrika 68:373, model 1. The numbers are R's
    `coxph(Surv(start, stop, event) ~ … + strata(enum), cluster = id)`.

    >>> rows = pd.DataFrame({
    ...     "child_key": list("aabbccd"), "start": [0, 5, 0, 9, 0, 4, 0],
    ...     "stop": [5, 20, 9, 20, 4, 11, 20], "event": [1, 0, 1, 0, 1, 1, 0],
    ...     "age": [3, 3, 7, 7, 9, 9, 6]})
    >>> round(pwp_total("stop ~ age", rows).one("hazard_ratio").value, 3)
    1.376
    """
    two_sided(confidence)
    rows = _in_order(data, formula, child=child, start=start, event=event)
    numbers = _numbers(rows, data, number, most)
    model = Cox.from_formula(
        formula,
        data,
        event=event,
        start=start,
        strata=_with(numbers, strata, data),
        cluster=child,
        weights=weights,
        ties=ties,
        eval_env=1,
    )
    found = hazard_ratios(model.fit(warn=False), confidence=confidence)
    return _named(found, f"pwp_total_{ties}", _thin(rows, numbers))


def pwp_gap(
    formula: str,
    data: pd.DataFrame,
    *,
    child: str = "child_key",
    start: str = "start",
    event: str = "event",
    number: str | None = None,
    most: int | None = None,
    strata: Any = None,
    weights: Any = None,
    ties: Ties = "efron",
    confidence: float = 0.95,
) -> Found:
    """Hazard ratios among children at risk of an event of the same number, by time since the last.

    As `pwp_total`, but the clock begins anew: for a child's first event at 0, for a later one at
    the start of the first row after the event before. Where one row stands between two events
    that is R's `coxph(Surv(stop - start, event) ~ … + strata(enum), cluster = id)`; a gap in
    several rows (time away, covariates that change) is one gap here, and a first row that starts
    late is late.

    Source: Prentice, Williams & Peterson (1981), Biometrika 68:373, model 2.

    >>> rows = pd.DataFrame({
    ...     "child_key": list("aabbccd"), "start": [0, 5, 0, 9, 0, 4, 0],
    ...     "stop": [5, 20, 9, 20, 4, 11, 20], "event": [1, 0, 1, 0, 1, 1, 0],
    ...     "age": [3, 3, 7, 7, 9, 9, 6]})
    >>> round(pwp_gap("stop ~ age", rows).one("hazard_ratio").value, 3)
    1.376
    """
    two_sided(confidence)
    rows = _in_order(data, formula, child=child, start=start, event=event)
    numbers = _numbers(rows, data, number, most)
    times = rows.set_index("place").reindex(range(len(data)))
    gaps = data.assign(
        gap_start=(times["start"] - times["begins"]).to_numpy(),
        gap_stop=(times["stop"] - times["begins"]).to_numpy(),
    )
    model = Cox.from_formula(
        f"gap_stop ~ {formula.partition('~')[2]}",
        gaps,
        event=event,
        start="gap_start",
        strata=_with(numbers, strata, data),
        cluster=child,
        weights=weights,
        ties=ties,
        eval_env=1,
    )
    found = hazard_ratios(model.fit(warn=False), confidence=confidence)
    return _named(found, f"pwp_gap_{ties}", _thin(rows, numbers))


def _named(found: Found, method: str, more: tuple[Beware, ...] = ()) -> Found:
    estimates = tuple(replace(one, method=method) for one in found.estimates)
    return replace(found, estimates=estimates, beware=found.beware + more)


def _in_order(
    data: pd.DataFrame, formula: str, *, child: str, start: str, event: str
) -> pd.DataFrame:
    """The rows that lack none of child, start, stop and event; by child and time, `place` theirs.

    `number` is that of the event which the row is at risk of, `begins` when the clock of its gap
    began. Raises WrongUse where a column is not there or rows of one child overlap.
    """
    stop = formula.partition("~")[0].strip()
    named = {"child": child, "start": start, "stop": stop, "event": event}
    given = {role: chosen(data, name) for role, name in named.items()}
    times = {role: numbers(given[role], _("The times")) for role in ("start", "stop")}
    rows = pd.DataFrame({role: one.to_numpy() for role, one in given.items()} | times).dropna()
    rows = rows.rename_axis("place").reset_index()
    rows = rows.sort_values(["child", "start", "stop"], kind="stable", ignore_index=True)
    overlaps = rows["child"].eq(rows["child"].shift()) & (rows["start"] < rows["stop"].shift())
    if overlaps.any():
        raise WrongUse(
            n_(
                "Rows of {count} child overlap, so that it would be at risk twice on one day. One row is one (start, stop] between two changes.",
                "Rows of {count} children overlap, so that each would be at risk twice on one day. One row is one (start, stop] between two changes.",
                int(rows.loc[overlaps, "child"].nunique()),
            )
        )
    happened = pd.Series(events(rows["event"])).astype("int64")
    before = happened.groupby(rows["child"]).cumsum() - happened
    first = rows["start"].groupby([rows["child"], before]).transform("min")
    return rows.assign(event=happened, number=before + 1, begins=first.where(before > 0, 0))


def _numbers(
    rows: pd.DataFrame, data: pd.DataFrame, number: str | None, most: int | None
) -> pd.Series:
    """The number of the event that each row of the data is at risk of, no more than `most`."""
    if most is not None and most < 1:
        raise WrongUse(_("`most` is the number of the last stratum: 1 or more."))
    if number is None and len(rows) < len(data):
        raise WrongUse(
            _(
                "Rows lack their child, times or event, so that later events cannot be numbered. Leave those children out, or name a column that numbers them."
            )
        )
    numbers = (
        rows.set_index("place")["number"].sort_index()
        if number is None
        else chosen(data, number).reset_index(drop=True)
    )
    return numbers if most is None else numbers.clip(upper=most)


def _with(numbers: pd.Series, strata: Any, data: pd.DataFrame) -> list[pd.Series]:
    """The numbers of events, and whatever strata there are beside them."""
    if strata is None:
        return [numbers]
    return [numbers, *columns_of(chosen(data, strata))]


def _thin(rows: pd.DataFrame, numbers: pd.Series) -> tuple[Beware, ...]:
    """Which numbers of events there are, but few of each."""
    by_number = rows["event"].groupby(numbers.loc[rows["place"]].to_numpy()).sum()
    thin = [number for number, count in by_number.items() if 0 < count < FEW]
    if not thin:
        return ()
    told = _(
        "Fewer than {least} events are numbered {numbers}. Pool late ones: `most=`.",
        least=FEW,
        numbers=", ".join(str(number) for number in thin),
    )
    return (Beware("few_events", told),)
