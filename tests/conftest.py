"""What every test may use."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference numbers and samples that lie beside the project; skips where they do not."""
    if not SHARED.is_dir():
        pytest.skip("no folder 'shared' beside the project: its reference files are not here")
    return SHARED
