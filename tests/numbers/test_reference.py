"""What is wrong in statsmodels and is worked round."""

import numpy as np
import pytest

from evaluation.estimating import _statsmodels


def test_statsmodels_still_ignores_weights_of_a_negative_binomial():
    """Why the weighted ratio is not a regression: 0.15 warns of weights, and fits without."""
    events, design = np.array([0, 1, 2, 5, 0, 9.0]), np.ones((6, 1))
    plain = _statsmodels.NegativeBinomial(events, design).fit(disp=False)
    with pytest.warns(Warning, match="freq_weights"):
        weighted = _statsmodels.NegativeBinomial(events, design, freq_weights=np.arange(1.0, 7))
    assert weighted.fit(disp=False).params == pytest.approx(plain.params)
