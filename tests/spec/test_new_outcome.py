"""A new outcome is one file: the one that CONTRIBUTING.md writes, seen everywhere.

The file is put among the outcomes of a copy of `analyses/`, in which nothing else is changed.
"""

import importlib
import re
import shutil
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from analyses.outcomes import OUTCOMES
from analyses.plan import read_plan
from evaluation.disclosure import PUBLIC, release
from evaluation.errors import PlanError
from evaluation.estimating.counts import rate_ratio_robust
from evaluation.following import follow, windowed
from evaluation.quarters import Quarter
from tests.unit.analyses.making import PROVIDERS, believed, child, episode, episodes, meeting

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILE = "analyses/outcomes/long_absence.py"
NAME = "long_absence"


def written() -> str:
    """The file as the page writes it."""
    (code,) = re.findall(rf"```python\n# {re.escape(FILE)}\n(.+?)```", PAGE, flags=re.DOTALL)
    return code


def entry() -> str:
    """The line of the plan as the page writes it."""
    (line,) = re.findall(r"```toml\n(secondary_outcomes = .+?)\n```", PAGE)
    return line


@pytest.fixture(scope="module")
def analyses(tmp_path_factory):
    """Import from the copy, as `analyses("plan")`; afterwards the project's own are back."""
    checkout = tmp_path_factory.mktemp("checkout")
    shutil.copytree(
        ROOT / "analyses",
        checkout / "analyses",
        ignore=shutil.ignore_patterns("__pycache__", "notebooks"),
    )
    (checkout / FILE).write_text(written(), encoding="utf-8")
    own = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_ours(name)}
    sys.path.insert(0, str(checkout))
    importlib.invalidate_caches()
    yield lambda name: importlib.import_module(f"analyses.{name}")
    sys.path.remove(str(checkout))
    for name in [name for name in sys.modules if _is_ours(name)]:
        del sys.modules[name]
    sys.modules.update(own)


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] == "analyses"


@pytest.fixture(scope="module")
def plan_with_it(analyses, tmp_path_factory):
    own = (ROOT / "analyses" / "plan.toml").read_text(encoding="utf-8")
    before = "secondary_outcomes = []"
    assert own.count(before) == 1
    path = tmp_path_factory.mktemp("plan") / "plan.toml"
    path.write_text(own.replace(before, entry()), encoding="utf-8")
    return path


def twins(pairs):
    """Pairs of like children; who was referred has half the long absences, and as many short."""
    for number in range(pairs):
        for arm, decision in enumerate(("refer_st_giles", "no_referral"), start=1):
            key = f"{number:03}-{arm}"
            yield from child(key, ("2010-02", "2008-11", "2011-07")[number % 3])
            before = (
                "2023-05-20 2023-05-25 2023-06-01",
                "2023-03-01 2023-05-20 2023-06-03 2023-05-30",
            )
            yield from episodes(key, before[number % 2])
            yield from meeting(key, "2023-06-06", decision)
            for time in range(3 * (number % 3)):
                yield from episode(key, f"{date(2023, 7, 1) + timedelta(days=4 * time)}")
            for time in range(arm * (0, 1, 1, 6)[number % 4]):
                day = date(2023, 8, 1) + timedelta(days=4 * time)
                yield from episode(key, f"{day}", hours=30)


@pytest.fixture(scope="module")
def snapshot():
    return believed(twins(36), quarter="2024Q3")


def test_the_file_is_all_that_it_takes_to_be_an_outcome(analyses):
    assert NAME not in OUTCOMES  # the project's own has only what it asks
    known = analyses("outcomes").OUTCOMES
    assert list(known) == sorted([*OUTCOMES, NAME])
    assert {name: outcome.name for name, outcome in known.items()} == {name: name for name in known}


def test_only_absences_of_a_day_or_more_count_and_those_that_are_not_over(analyses):
    told = believed(
        child("ann"),
        episode("ann", "2023-04-03", hours=23.9),
        episode("ann", "2023-04-10", hours=24),
        episode("ann", "2023-06-29", hours=None),
        quarter="2023Q1",
    )
    found = analyses("outcomes").OUTCOMES[NAME].events(told)
    assert found["event_ref"].tolist() == ["police/ann-2023-04-10", "police/ann-2023-06-29"]


def test_the_plan_takes_its_name_where_the_file_is_and_refuses_it_where_it_is_not(
    analyses, plan_with_it
):
    assert analyses("plan").read_plan(plan_with_it).outcomes == ("re_missing", NAME)
    with pytest.raises(PlanError, match=f"there is no outcome ‘{NAME}’"):
        read_plan(plan_with_it)


def test_children_are_followed_for_it_and_their_rates_compared(analyses, plan_with_it, snapshot):
    plan = analyses("plan").read_plan(plan_with_it)
    cohort = analyses("cohorts").discussed(snapshot, plan)
    at_risk = follow(cohort, analyses("outcomes").OUTCOMES[NAME], snapshot, away=None)
    children = windowed(at_risk, cohort, days=182, complete_only=True)
    assert children.groupby("arm")["events"].sum().to_dict() == {
        "not_referred": 144,
        "referred": 72,
    }
    ratio = rate_ratio_robust(children, treated="referred").one("rate_ratio")
    assert ratio.value == pytest.approx(0.5, rel=0.05)
    assert ratio.low < ratio.value < ratio.high


@pytest.fixture(scope="module")
def told(analyses, plan_with_it, snapshot):
    plan = replace(analyses("plan").read_plan(plan_with_it), bootstrap_replicates=19)
    return analyses("quarterly").estimates(snapshot, plan, PROVIDERS, registered=plan)


def test_its_figures_stand_in_the_release_beside_those_of_the_plans_question(told):
    own = {(f.measure, f.group, f.days): f for f in told if f.outcome == NAME}
    assert {f.section for f in own.values()} == {"other_outcomes"}
    rates = [
        own["episodes_per_100_child_days", arm, 182].value for arm in ("referred", "not_referred")
    ]
    assert rates[0] / rates[1] == pytest.approx(0.5, rel=0.05)
    ratio = own["rate_ratio", "contrast", 182]  # its small bias is taken off by the draws
    assert ratio.low <= 0.5 <= ratio.high
    assert (ratio.role, ratio.children, ratio.events) == ("secondary", 72, 216)
    assert {f.role for f in own.values()} <= {"secondary", "sensitivity", "description"}
    assert {("rate_ratio", "contrast", days) for days in (90, 182, 365)} <= own.keys()
    assert ("free_of_episodes", "referred", 182) in own
    sure = release(
        told, PUBLIC, body="b", quarter=Quarter(2024, 3), snapshot="S1", plan="p",
        claim_quarter=None, versions={}, made_on=date(2025, 1, 30),
    )  # fmt: skip
    leaving = [f for f in sure.figures if f.outcome == NAME]
    assert len(leaving) == len(own)
    shown = next(f for f in leaving if (f.measure, f.days) == ("rate_ratio", 182))
    assert shown.value == float(f"{ratio.value:.2g}")


def test_the_plans_own_figures_are_what_they_were(analyses, told, plan_with_it, snapshot):
    plan = analyses("plan").read_plan(plan_with_it)
    alone = replace(plan, bootstrap_replicates=19, secondary_outcomes=())
    without = analyses("quarterly").estimates(snapshot, alone, PROVIDERS, registered=alone)
    assert tuple(f for f in told if f.outcome != NAME) == without
