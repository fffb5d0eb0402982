from dataclasses import replace
from importlib.resources import files

import pytest

from analyses.cohorts import ARMS, discussed
from analyses.outcomes import OUTCOMES
from analyses.plan import departures, read_plan
from analyses.quarterly import referred_now
from analyses.stamping import stamped
from analyses.trials import sequential_trials
from evaluation.errors import PlanError
from evaluation.nouns import Estimate
from evaluation.quarters import Quarter
from tests.unit.analyses.making import believed

WRITTEN = (files("analyses") / "plan.toml").read_text()


@pytest.fixture
def plan_with(tmp_path):
    """Read the project's plan with each line replaced by the one after it."""

    def read(*lines: str):
        text = WRITTEN
        for line, instead in zip(lines[::2], lines[1::2], strict=True):
            assert line in text
            text = text.replace(line, instead)
        path = tmp_path / "plan.toml"
        path.write_text(text)
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
    assert plan_with("# Who is left out", "# who is left out").hash != read_plan().hash


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
        ('estimand = "ATT"', 'estimand = "ATE"', "‘estimand’ says ‘ATE’, and may say: ATT"),
        ('"not_referred"', '"last_year"', "‘comparator’ says ‘last_year’"),
        ('"first"', '"either"', "‘agreement’ says ‘either’"),
        ('"holm"', '"none"', "‘multiplicity’ says ‘none’"),
        ('["discussed"]', "[]", "one main figure"),
        ('["discussed"]', '["discussed", "discussed"]', "of different cohorts"),
        ('agreement = "first"', 'agreement = "both"', "‘agreement’ says ‘both’"),
        ("secondary_outcomes = []", 'secondary_outcomes = ["joy"]', "no outcome ‘joy’"),
        (
            "secondary_outcomes = []",
            'secondary_outcomes = ["re_missing"]',
            "an outcome stands twice",
        ),
        ("sub_groups = []", 'sub_groups = ["shoe_size"]', "no covariate ‘shoe_size’"),
        ('"no_follow_up",', '"short_history",', "an exclusion stands twice"),
        (
            '["few_children", "large_imb',
            '["few_childern", "large_imb',
            "no assumption ‘few_childern’",
        ),
        ('"by_date"', '"by_mood"', "‘claim_rule’ says ‘by_mood’"),
        ('"by_date"', '"by_children"', "‘by_children’ reads no ‘claim_quarter’"),
        ('claim_quarter = "2024Q4"', "", "‘by_date’ needs the entry ‘claim_quarter’"),
        (
            'claim_quarter = "2024Q4"',
            'claim_quarter = "2024Q4"\nclaim_children_per_arm = 60',
            "‘by_date’ reads no ‘claim_children_per_arm’",
        ),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused_in_one_sentence(plan_with, line, instead, says):
    with pytest.raises(PlanError, match=says):
        plan_with(line, instead)


LOOKS = 'claim_children_per_arm = 60\nclaim_looks = ["2024Q2", "2024Q4"]'


@pytest.mark.parametrize(
    ("rule", "needs"),
    [("by_children", "claim_children_per_arm = 60"), ("by_spending", LOOKS)],
)
def test_every_rule_for_a_claim_can_be_written(plan_with, rule, needs):
    plan = plan_with(
        'claim_rule = "by_date"', f'claim_rule = "{rule}"', 'claim_quarter = "2024Q4"', needs
    )
    assert (plan.claim_rule, plan.claim_quarter, plan.claim_children_per_arm) == (rule, None, 60)


@pytest.mark.parametrize(
    ("needs", "says"),
    [
        (LOOKS.replace("60", "29"), "fewer children than any comparison needs"),
        (LOOKS.replace("2024Q2", "2025Q2"), "not quarters in rising order"),
        (LOOKS.replace('"2024Q2", "2024Q4"', ""), "not quarters in rising order"),
        (LOOKS.replace("2024Q2", "soon"), "not a quarter"),
    ],
)
def test_looks_that_cannot_be_taken_are_refused(plan_with, needs, says):
    with pytest.raises(PlanError, match=says):
        plan_with('"by_date"', '"by_spending"', 'claim_quarter = "2024Q4"', needs)


def test_what_is_changed_departs_and_a_comment_or_a_title_does_not(plan_with):
    assert departures(read_plan()) == ()
    assert departures(plan_with("# Who is left out", "# who is left out")) == ()
    assert departures(plan_with('title = "Do', 'title = "What do')) == ()
    assert departures(plan_with("trigger_days = 90", "trigger_days = 60")) == ("trigger_days",)
    assert departures(plan_with('"2024Q4"', '"2024Q3"', "seed = 2", "seed = 3")) == (
        "seed", "claim_quarter",
    )  # fmt: skip


def test_a_plan_may_be_registered_in_place_of_the_projects_own(plan_with):
    mine = plan_with("trigger_days = 90", "trigger_days = 60")
    assert departures(mine, mine) == ()
    assert departures(read_plan(), mine) == ("trigger_days",)


def test_plan_and_cohort_leave_out_the_same_children_in_the_same_order():
    flow = [step.reason for step in discussed(believed(), read_plan()).flow]
    assert flow == ["discussed", *read_plan().exclusions, *ARMS]
    assert read_plan().comparator in ARMS


def test_the_plan_names_every_outcome_that_has_a_file():
    """Whatever stands in the folder and not in the plan is exploratory, by choice alone."""
    assert set(read_plan().outcomes) == set(OUTCOMES)


def test_plan_and_folder_name_the_same_sensitivity_analyses():
    folder = files("analyses") / "sensitivity"
    there = {path.name[:-3] for path in folder.iterdir()} if folder.is_dir() else set()
    told = {
        name for name in there if not name.startswith("_") and (folder / f"{name}.py").is_file()
    }
    assert set(read_plan().sensitivity) == told


def test_the_main_cohort_is_that_of_first_meetings_and_a_second_would_be_that_of_trials():
    first, trials = (each(believed(), read_plan()).name for each in (discussed, sequential_trials))
    assert read_plan().co_primary == (first,)
    assert referred_now.role(read_plan()) == "sensitivity"
    two = replace(read_plan(), co_primary=(first, trials))
    ratio = Estimate(
        "re_missing", "rate_ratio", "contrast", cohort=trials, outcome=two.outcome,
        days=two.window_days, role=referred_now.role(two),
    )  # fmt: skip
    assert [one.role for one in stamped([ratio], two, two)] == ["co_primary"]
