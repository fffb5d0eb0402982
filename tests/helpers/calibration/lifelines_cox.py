"""Run by the Python in .rivals: lifelines' Andersen-Gill model with errors clustered by child.

Called with the rows of many cohorts (a csv) and the file for what was found.
"""

import sys
import warnings

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter

warnings.simplefilter("ignore")
source, target = sys.argv[1:]
told = []
for (size, number), rows in pd.read_csv(source).groupby(["size", "simulation"]):
    columns = rows.drop(columns=["size", "simulation"])
    try:
        fit = CoxPHFitter().fit(
            columns, "stop", "event", entry_col="start", cluster_col="child_key"
        )
        limits = fit.summary.loc[
            "referred", ["exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%"]
        ]
    except Exception:  # noqa: BLE001 - whatever stops a rival is counted, not studied
        limits = [np.nan] * 3
    told.append((size, number, "lifelines", *limits))
pd.DataFrame(told, columns=["size", "simulation", "who", "value", "low", "high"]).to_csv(
    target, index=False
)
