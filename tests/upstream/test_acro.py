"""Beside acro 1.0.2: what it would keep back is kept back here, and what can be worked out of it is not."""

import json
import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from evaluation.disclosure import PUBLIC, release
from evaluation.nouns import Estimate
from evaluation.quarters import Quarter

ROOT = Path(__file__).parents[2]
RIVALS = Path(os.environ.get("RIVALS", ROOT / ".rivals"))

pytestmark = pytest.mark.slow

ENGAGED = {"newport": (30, 3), "torfaen": (40, 22), "monmouthshire": (5, 12), "caerphilly": (21, 0)}
"""Children who engaged, and who did not, by authority."""

MONTHS = {"2024-05": [1] * 8 + [20], "2024-06": [2] * 14, "2024-07": [1, 1, 1, 40]}
"""Episodes of each child who went missing, by month."""


@pytest.fixture(scope="module")
def theirs():
    """(table, row, column) -> what acro shows, with its threshold set to ours."""
    python = RIVALS / "bin" / "python"
    has_it = python.exists() and list(RIVALS.glob("[Ll]ib/**/site-packages/acro"))
    if not has_it:
        pytest.skip("no acro in .rivals (make rivals)")
    engaged = [
        (place, column)
        for place, counts in ENGAGED.items()
        for column, count in zip(("yes", "no"), counts, strict=True)
        for _child in range(count)
    ]
    episodes = [(month, each) for month, own in MONTHS.items() for each in own]
    asked = {
        "engaged": {"rows": [row for row, _column in engaged],
                    "columns": [column for _row, column in engaged], "values": None},
        "episodes": {"rows": [month for month, _each in episodes],
                     "columns": ["events"] * len(episodes),
                     "values": [each for _month, each in episodes]},
    }  # fmt: skip
    told = subprocess.run(
        [python, ROOT / "benchmarks" / "acro_tables.py"],
        input=json.dumps({"threshold": PUBLIC.fewest_children, "tables": asked}),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {
        (table, row, column): shown
        for table, cells in json.loads(told.stdout).items()
        for row, column, _failed, shown in cells
    }


@pytest.fixture(scope="module")
def ours():
    """(measure, group) -> why ours does not leave."""
    shares = [
        Estimate("engagement", "engaged", place, children=yes, of=yes + no, value=yes / (yes + no))
        for place, (yes, no) in ENGAGED.items()
    ]
    counts = [
        Estimate("monitoring", "episodes", month, unit="episodes", children=len(own),
                 events=sum(own), with_events=len(own), largest_child_events=max(own),
                 value=float(sum(own)))
        for month, own in MONTHS.items()
    ]  # fmt: skip
    made = release(
        [*shares, *counts], PUBLIC, body="b", quarter=Quarter(2024, 4), snapshot="s", plan="p",
        claim_quarter=None, versions={}, made_on=date(2025, 4, 30),
    )  # fmt: skip
    return {(each.measure, each.group): each.withheld for each in made.figures}


def test_what_acro_withholds_is_withheld(theirs, ours):
    for (table, row, _column), shown in theirs.items():
        if shown is None:
            assert ours["engaged" if table == "engaged" else "episodes", row] is not None


def test_acro_leaves_the_part_beside_its_small_rest(theirs, ours):
    """30 of the 33 of Newport: with how many there are, the three are known."""
    assert theirs["engaged", "newport", "no"] is None
    assert theirs["engaged", "newport", "yes"] == 30
    assert ours["engaged", "newport"] == "complement"


def test_acro_s_dominance_is_of_two_and_ours_of_one(theirs, ours):
    """20 of the 28 episodes of a month were one child's."""
    assert theirs["episodes", "2024-05", "events"] == 28
    assert ours["episodes", "2024-05"] == "dominance"
    assert theirs["episodes", "2024-07", "events"] is None
    assert (theirs["episodes", "2024-06", "events"], ours["episodes", "2024-06"]) == (28, None)
