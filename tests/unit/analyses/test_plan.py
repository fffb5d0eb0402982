from importlib.resources import files

import pytest

from analyses.outcomes import OUTCOMES
from analyses.plan import read_plan
from evaluation.errors import PlanError
from evaluation.quarters import Quarter

WRITTEN = (files("analyses") / "plan.toml").read_text()


@pytest.fixture
def plan_with(tmp_path):
    """Read the project's plan with one line replaced by another."""

    def read(line: str, instead: str):
        assert line in WRITTEN
        path = tmp_path / "plan.toml"
        path.write_text(WRITTEN.replace(line, instead))
        return read_plan(path)

    return read


def test_the_projects_plan_can_be_used_and_its_outcome_has_a_file():
    plan = read_plan()
    assert plan.outcome in OUTCOMES
    assert plan.claim_quarter == Quarter(2024, 4)
    assert plan.window_days in plan.windows_days
    assert plan.secondary_windows == (90, 365)


def test_any_change_of_the_file_changes_the_hash(plan_with):
    assert plan_with("seed = 20250401", "seed = 20250402").hash != read_plan().hash
    assert plan_with("# The estimand", "# the estimand").hash != read_plan().hash


def test_other_line_ends_are_the_same_plan(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_bytes(WRITTEN.replace("\n", "\r\n").encode())
    assert read_plan(path).hash == read_plan().hash


@pytest.mark.parametrize(
    ("line", "instead", "says"),
    [
        ("window_days = 182", "", "lacks the entry ‘window_days’"),
        ("window_days = 182", "window_days = 180", "180 days is not among the windows"),
        ("window_days = 182", 'window_days = "182"', "‘window_days’ is of the wrong type"),
        ("window_days = 182", "window_days = true", "‘window_days’ is of the wrong type"),
        ("[90, 182, 365]", "[182, 90, 365]", "rising order"),
        ("trigger_days = 90", "tigger_days = 90", "lacks the entry ‘trigger_days’"),
        ("trigger_days = 90", "trigger_days = 90\nwashout = 3", "‘washout’ that nothing reads"),
        ("trigger_days = 90", "trigger_days = 366", "looks back further"),
        ("trigger_episodes = 3", "trigger_episodes = 0", "at least 1"),
        ('outcome = "re_missing"', 'outcome = "happiness"', "no outcome ‘happiness’"),
        ('"risk_last"', '"shoe_size"', "no covariate ‘shoe_size’"),
        ('"risk_last"', '"sex"', "a covariate stands twice"),
        ('"2024Q4"', '"2024Q5"', "‘2024Q5’ is not a quarter"),
        ("minimum_children_per_arm = 30", "minimum_children_per_arm = 1", "at least 2 children"),
        ("confidence = 0.95", "confidence = 95", "between 0 and 1"),
        ("dispersion = 2.0", "dispersion = -1", "dispersion is not negative"),
        ("replicates = 1999", "replicates = 0", "at least 1"),
        ("[claim]", "[claim", "not valid TOML"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused_in_one_sentence(plan_with, line, instead, says):
    with pytest.raises(PlanError, match=says):
        plan_with(line, instead)
