"""What may be asked of the command line about internal reports, and what it refuses."""

import pytest
from typer.testing import CliRunner

from evaluation.cli import app


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result.exit_code, " ".join(result.output.split())


@pytest.mark.parametrize("which", [(), ("--report", "annex")])
def test_a_provider_is_named_for_its_own_report_only(tmp_path, which):
    code, said = run("report", "2024Q4", "--provider", "st_giles", *which, "--store", tmp_path)
    assert code == 2
    assert "--report provider" in said


def test_a_provider_that_nobody_knows_is_told_who_is_known(tmp_path):
    code, said = run(
        "report", "2024Q4", "--report", "provider", "--provider", "st_gilles", "--store", tmp_path
    )
    assert code == 2
    assert "no provider ‘st_gilles’" in said
    assert "st_giles" in said


def test_a_report_that_there_is_not_is_refused(tmp_path):
    assert run("report", "2024Q4", "--report", "yearly", "--store", tmp_path)[0] == 2


def test_a_threshold_is_at_least_one(tmp_path):
    code, _said = run("analyse", "2024Q4", "--internal", "--threshold", 0, "--store", tmp_path)
    assert code == 2
