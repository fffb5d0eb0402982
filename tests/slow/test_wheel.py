"""An installed wheel does what a checkout does: nothing is found by where the repository lies."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def test_the_wheel_installed_elsewhere_runs_the_demonstration(tmp_path):
    def run(*command, **about):
        done = subprocess.run(
            [sys.executable, *map(str, command)],
            capture_output=True,
            text=True,
            check=False,
            **about,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist", ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    installed = tmp_path / "installed"
    run("-m", "pip", "install", "--quiet", "--no-deps", "--target", installed, wheel)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    # Before site-packages, where the checkout is installed too.
    there = {"cwd": elsewhere, "env": os.environ | {"PYTHONPATH": str(installed)}}
    where = run(
        "-c", "import evaluation, reports; print(evaluation.__file__, reports.__file__)", **there
    )
    assert where.count(str(installed)) == 2
    run("-m", "evaluation.cli", "demo", **there)
    assert (elsewhere / "demo" / "report-cy.html").stat().st_size > 50_000
    run("-m", "evaluation.cli", "notebooks", "--store", "demo/store", **there)
    copied = {path.name for path in (elsewhere / "notebooks").rglob("*") if path.is_file()}
    kept = {path.name for path in (ROOT / "analyses" / "notebooks").glob("*.ipynb")}
    assert copied == {*kept, "long_absence.py"}
