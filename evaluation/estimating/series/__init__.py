"""Series in time that something dated interrupts: what changed then, against what had gone before.

interrupted   the model, its effects some periods on, and what to beware of
"""

from evaluation.estimating.series.interrupted import Interrupted, interrupted_series

__all__ = ["Interrupted", "interrupted_series"]
