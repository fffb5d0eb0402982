"""What speaks against taking a fit of Cox's model as it stands, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from evaluation.estimating.beware import few_events, lacking
from evaluation.estimating.found import Beware
from evaluation.language import _, n_

if TYPE_CHECKING:
    from evaluation.estimating.cox.results import CoxResults

CLUSTERS = 10


def beware_of(found: CoxResults) -> tuple[Beware, ...]:
    """Missing rows, coefficients without end, few events, few clusters, a fit that is none.

    >>> from evaluation.estimating.cox.model import Cox
    >>> fitted = Cox([5, 8, 12, 20], [[1.0], [0], [1], [0]], event=[1, 1, 0, 1]).fit(warn=False)
    >>> [one.trap for one in beware_of(fitted)]
    ['few_events']
    """
    told = [*lacking(found.n_missing, found.nobs + found.n_missing)]
    if found.endless:
        told.append(separated(found.endless))
    elif not found.converged or not np.isfinite(np.asarray(found.bse)).all():
        told.append(unsettled())
    told += few_events(found.n_events, len(found.names))
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


def separated(terms: Sequence[str]) -> Beware:
    """The warning that coefficients have no finite value.

    >>> separated(["arm"]).trap
    'separation'
    """
    text = _(
        "Separated on {columns}: events are told apart wholly, so that the hazard ratio has no finite value.",
        columns=", ".join(terms),
    )
    return Beware("separation", text)


def unsettled() -> Beware:
    """The warning that a fit is none."""
    return Beware("not_converged", _("The fit did not settle: its numbers are not to be used."))
