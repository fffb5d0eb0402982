"""What a quarter is compared with: what the last quarter's release told, and nothing computed anew."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from analyses.comparing import told_before
from evaluation.disclosure import INTERNAL, PUBLIC, release, write_release
from evaluation.nouns import Estimate
from evaluation.quarters import Quarter
from evaluation.store import Store, record_release

BEFORE = Quarter(2024, 3)
NOW = datetime(2025, 2, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "store")


def left(store, tmp_path, *, quarter=BEFORE, children=60, policy=PUBLIC, report="quarterly"):
    """Put a release of the quarter into the ledger."""
    made = release(
        [
            Estimate("referrals", "referred", cohort="st_giles_12_months", children=children),
            Estimate("referrals", "declined", cohort="st_giles_12_months", children=20, of=children),
        ],
        policy, body="gwent", quarter=quarter, snapshot="s1", plan="p1", claim_quarter=None,
        versions={}, made_on=date(2025, 1, 31),
    )  # fmt: skip
    made = replace(made, report=report)
    file = write_release(made, tmp_path / f"{quarter}-{children}-{report}.json")
    record_release(store, made, file, now=NOW)


def test_the_figures_of_the_first_page_are_carried_as_they_were_told(store, tmp_path):
    left(store, tmp_path)
    before = told_before(store, "gwent", Quarter(2024, 4))
    assert before.quarter == Quarter(2024, 3)
    assert [(figure.measure, figure.children) for figure in before.figures] == [("referred", 60)]


def test_of_two_releases_of_a_quarter_the_newer_one_counts(store, tmp_path):
    left(store, tmp_path)
    left(store, tmp_path, children=70)
    assert told_before(store, "gwent", Quarter(2024, 4)).figures[0].children == 70


def test_another_quarter_body_or_profile_is_nothing_to_compare_with(store, tmp_path):
    left(store, tmp_path, quarter=Quarter(2024, 2))
    left(store, tmp_path, policy=INTERNAL)
    left(store, tmp_path, report="annex")
    assert told_before(store, "gwent", Quarter(2024, 4)) is None
    assert told_before(store, "dyfed", Quarter(2024, 3)) is None
