"""What speaks against taking a fit of Cox's model as it stands, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evaluation.estimating.found import Beware
from evaluation.language import _, n_

if TYPE_CHECKING:
    from evaluation.estimating.cox.results import CoxResults

EVENTS_PER_PARAMETER = 5
CLUSTERS = 10


def beware_of(found: CoxResults) -> tuple[Beware, ...]:
    """Missing rows, coefficients without end, few events, few clusters, a fit that is none.

    >>> from evaluation.estimating.cox.model import Cox
    >>> fitted = Cox([5, 8, 12, 20], [[1.0], [0], [1], [0]], event=[1, 1, 0, 1]).fit(warn=False)
    >>> [one.trap for one in beware_of(fitted)]
    ['few_events']
    """
    told = []
    if found.n_missing:
        told.append(
            Beware(
                "missing_values",
                n_(
                    "{count} row of {rows} lacks a value that the model needs and was left out.",
                    "{count} rows of {rows} lack a value that the model needs and were left out.",
                    found.n_missing,
                    rows=found.nobs + found.n_missing,
                ),
            )
        )
    if found.endless:
        told.append(
            Beware(
                "separation",
                _(
                    "Separated on {columns}: events are told apart wholly, so that the hazard ratio has no finite value.",
                    columns=", ".join(found.endless),
                ),
            )
        )
    elif not found.converged or not np.isfinite(np.asarray(found.bse)).all():
        told.append(
            Beware("not_converged", _("The fit did not settle: its numbers are not to be used."))
        )
    per = found.n_events / len(found.names)
    if per < EVENTS_PER_PARAMETER:
        told.append(
            Beware(
                "few_events",
                _(
                    "{events} events are fewer than {least} for each coefficient of the model ({parameters}): too few to rely on.",
                    events=found.n_events,
                    parameters=len(found.names),
                    least=EVENTS_PER_PARAMETER,
                ),
            )
        )
    clusters = found.n_clusters
    if clusters is not None and found.cov_type == "robust" and clusters < CLUSTERS:
        told.append(
            Beware(
                "few_clusters",
                n_(
                    "Only {count} cluster: its standard errors are too small.",
                    "Only {count} clusters: their standard errors are too small.",
                    clusters,
                ),
            )
        )
    return tuple(told)
