"""Text in a formula is coded as the engine would code it, only sooner."""

import numpy as np
import pandas as pd
import pytest

from evaluation.estimating.cox import Cox, design

DATA = pd.DataFrame(
    {
        "stop": [5.0, 8, 12, 20, 21, 30, 33, 40],
        "event": [1, 1, 0, 1, 1, 0, 1, 1],
        "area": ["Torfaen", "Newport", None, "Newport", "Torfaen", "Ébbw", "Ébbw", "Newport"],
        "age": [3, 9, 7, 8, 2, 5, 6, 4],
    }
)


@pytest.mark.parametrize(
    "formula",
    [
        "stop ~ area + age",
        "stop ~ C(area)",
        "stop ~ C(area, Treatment('Torfaen')) + age",
        "stop ~ C(area, levels=['Torfaen', 'Newport', 'Ébbw'])",
        "stop ~ I(area == 'Newport')",
        "stop ~ area:age",
    ],
)
def test_columns_are_those_of_the_text_itself(formula, monkeypatch):
    coded = design.from_formula(formula, DATA, depth=0)
    monkeypatch.setattr(design, "coded", lambda data, _: data)
    text = design.from_formula(formula, DATA, depth=0)
    pd.testing.assert_frame_equal(coded.x, text.x)
    assert coded.terms == text.terms
    assert coded.missing.tolist() == text.missing.tolist()


def test_new_rows_may_hold_other_text_and_a_part_of_the_levels():
    fitted = Cox.from_formula("stop ~ area", DATA, event="event").fit(warn=False)
    own = fitted.predict().to_numpy()
    some = DATA.iloc[[1, 3]]
    assert fitted.predict(some).to_numpy() == pytest.approx(own[[1, 2]])
    assert np.isnan(fitted.predict(DATA)[2])
