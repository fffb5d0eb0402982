"""What is wrong in lifelines 0.30.3: the test fails when a release has mended it."""

import os
import subprocess
from pathlib import Path

import pytest

RIVALS = Path(os.environ.get("RIVALS", Path(__file__).parents[2] / ".rivals"))

pytestmark = pytest.mark.slow


def test_lifelines_clusters_as_if_every_row_began_at_day_0():
    python = RIVALS / "bin" / "python"
    if not python.exists():
        pytest.skip("no lifelines in .rivals (make rivals)")
    report = Path(__file__).parents[2] / "docs" / "upstream" / "14-lifelines-clusters-entry.md"
    example = report.read_text().split("```python\n")[1].split("```")[0]
    told = subprocess.run([python, "-c", example], capture_output=True, text=True, check=True)
    coefficient, error = map(float, told.stdout.split())
    assert coefficient == pytest.approx(0.12360, rel=1e-4)
    in_r = pytest.approx(0.29179, rel=1e-4)
    assert error != in_r, "lifelines has mended docs/upstream/14: it may be held beside ours"
