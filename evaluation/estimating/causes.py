"""Events of several kinds, of which one ends the wait for the others: hazards of one kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from evaluation.estimating.cox.given import chosen, column_of
from evaluation.estimating.cox.kernel import Ties
from evaluation.estimating.cox.model import Cox
from evaluation.estimating.cox.ratios import hazard_ratios
from evaluation.estimating.found import Beware, Found
from evaluation.estimating.limits import two_sided
from evaluation.language import n_


def cause_specific(
    formula: str,
    data: pd.DataFrame,
    *,
    cause: str = "cause",
    of: Any,
    censored: Any = 0,
    child: str | None = None,
    start: str | None = None,
    strata: Any = None,
    weights: Any = None,
    ties: Ties = "efron",
    confidence: float = 0.95,
) -> Found:
    """Hazard ratios for events of one kind, those of another kind ending follow-up.

    One row of `data` is one child, or one (start, stop] of it, and then `child` names whose row it
    is and the errors are clustered. `cause` says how the row ended: by `of`, the kind asked about;
    by `censored`, without an event; or by anything else, an event of another kind. A row whose
    cause is missing is left out, unless missing is what `censored` is (None).

    The ratio compares rates among those still at risk. It does not say that fewer will ever have
    the event: a service that hastens another end lowers that share without touching this rate.
    See the cumulative incidence beside it. `beware` counts the events of other kinds.

    Raises as `cox` does; CannotEstimate where there is no event of this kind.
    Source: Prentice and others (1978), Biometrics 34:541. The numbers are R's
    `coxph(Surv(stop, cause == of) ~ …)`.

    >>> cases = pd.DataFrame({
    ...     "days": [5, 8, 12, 20, 21, 30], "ended": [1, 2, 0, 1, 1, 2], "age": [3, 9, 7, 8, 2, 5]})
    >>> found = cause_specific("days ~ age", cases, cause="ended", of=1)
    >>> found.one("hazard_ratio").events, [one.trap for one in found.beware]
    (3, ['few_events', 'competing_events'])
    """
    two_sided(confidence)
    ended = column_of(chosen(data, cause))
    assert ended is not None
    gone = ended.isna().to_numpy()
    is_it, is_none = (
        np.asarray(ended.eq(code).fillna(False), dtype=bool) for code in (of, censored)
    )
    event = np.where(gone & (censored is not None), np.nan, is_it)
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
    others = int((~gone & ~is_it & ~is_none)[model.given.kept].sum())
    return _beside(others, found, f"cause_specific_{ties}")


def _beside(others: int, found: Found, method: str) -> Found:
    """The figures, and what so many events of other kinds mean for them."""
    trap = {"competing_events"}
    estimates = tuple(
        replace(
            one,
            method=method,
            met=tuple(sorted({*one.met} | (trap if not others else set()))),
            unmet=tuple(sorted({*one.unmet} | (trap if others else set()))),
        )
        for one in found.estimates
    )
    if not others:
        return replace(found, estimates=estimates)
    told = n_(
        "{count} event of another kind ended follow-up: the ratio is one of rates among those still at risk, not of shares who ever have the event.",
        "{count} events of another kind ended follow-up: the ratio is one of rates among those still at risk, not of shares who ever have the event.",
        others,
    )
    beware = (*found.beware, Beware("competing_events", told))
    return replace(found, estimates=estimates, beware=beware)
