"""The printed summary of a fit of Cox's model, in statsmodels' dress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.iolib.summary2 import Summary

if TYPE_CHECKING:
    from evaluation.estimating.cox.results import CoxResults


def summary(found: CoxResults, *, alpha: float = 0.05) -> Any:
    """What was fitted, the coefficients and hazard ratios, and what to beware of.

    >>> from evaluation.estimating.cox.model import Cox
    >>> fitted = Cox([5, 8, 12, 20], [[1.0], [0], [1], [0]], event=[1, 1, 0, 1]).fit(warn=False)
    >>> "log HR" in str(summary(fitted))
    True
    """
    model = found.model
    told: dict[str, str] = {
        "Model:": "Cox",
        "Ties:": model.ties.capitalize(),
        "Rows:": str(found.nobs),
        "Rows left out (missing):": str(found.n_missing),
        "Events:": str(found.n_events),
        "Log-likelihood:": f"{found.llf:.4f}",
        "LR test (p):": f"{found.llr_pvalue:.4g}",
        "Standard errors:": found.cov_type,
    }
    if found.n_clusters is not None:
        told["Clusters:"] = str(found.n_clusters)
    if model.given.strata_labels:
        told["Strata:"] = str(len(model.given.strata_labels))
    params, errors = np.asarray(found.params), np.asarray(found.bse)
    limits = np.exp(np.asarray(found.conf_int(alpha)))  # type: ignore[no-untyped-call]
    with np.errstate(all="ignore"):
        z = params / errors
    table = pd.DataFrame(
        {
            "log HR": params,
            "log HR SE": errors,
            "HR": np.exp(params),
            "z": z,
            "P>|z|": 2 * norm.sf(np.abs(z)),
            f"[{alpha / 2:.3f}": limits[:, 0],
            f"{1 - alpha / 2:.3f}]": limits[:, 1],
        },
        index=found.names,
    )
    page: Any = Summary()  # type: ignore[no-untyped-call]
    page.add_dict(told, align="l")
    page.add_df(table, float_format="%8.4f")
    page.add_title("Cox's proportional hazards model")
    page.add_text("Confidence intervals are for the hazard ratios.")
    for one in found.beware:
        page.add_text(str(one.text))
    return page
