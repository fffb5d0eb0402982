"""Cox's model: (start, stop] rows, strata, case weights, Breslow's and Efron's ties, clusters.

`cox` gives hazard ratios as figures, `cox_from_cells` the same from counts by pattern and day; `Cox` is the model itself, used as statsmodels models are.
"""

from evaluation.estimating.cox.cells import cox_from_cells as cox_from_cells
from evaluation.estimating.cox.cells_fit import CellsFit as CellsFit
from evaluation.estimating.cox.given import EstimationWarning as EstimationWarning
from evaluation.estimating.cox.model import Cox as Cox
from evaluation.estimating.cox.ratios import cox as cox
from evaluation.estimating.cox.ratios import hazard_ratios as hazard_ratios
from evaluation.estimating.cox.results import CoxResults as CoxResults
