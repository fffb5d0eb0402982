"""What a quarter is compared with: what the last quarter's release told, and nothing computed anew."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from analyses.comparing import correcting, told_before
from evaluation.disclosure import INTERNAL, PUBLIC, read_release, release, write_release
from evaluation.errors import WrongUse
from evaluation.nouns import Estimate
from evaluation.quarters import Quarter
from evaluation.store import Store, record_release

BEFORE = Quarter(2024, 3)
NOW = datetime(2025, 2, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "store")


def made_of(*, quarter=BEFORE, children=60, policy=PUBLIC, report="quarterly"):
    made = release(
        [
            Estimate("referrals", "referred", cohort="st_giles_12_months", children=children),
            Estimate("referrals", "declined", cohort="st_giles_12_months", children=20, of=children),
        ],
        policy, body="gwent", quarter=quarter, snapshot="s1", plan="p1", claim_quarter=None,
        versions={}, made_on=date(2025, 1, 31),
    )  # fmt: skip
    return replace(made, report=report)


def left(store, tmp_path, made=None, **about):
    """Put a release of the quarter into the ledger."""
    made = made or made_of(**about)
    number = len(list(tmp_path.glob("*.json")))
    record_release(store, made, write_release(made, tmp_path / f"{number}.json"), now=NOW)


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


# ---- Corrections -----------------------------------------------------------------------------------


def test_the_first_release_of_a_quarter_corrects_nothing(store, tmp_path):
    left(store, tmp_path, quarter=Quarter(2024, 2))
    left(store, tmp_path, report="annex", policy=INTERNAL)
    assert correcting(store, made_of(), None).corrects is None
    with pytest.raises(WrongUse, match="nothing to correct"):
        correcting(store, made_of(), "late_return")


def test_other_figures_than_before_need_a_reason_and_carry_what_was_told(store, tmp_path):
    left(store, tmp_path)
    with pytest.raises(WrongUse, match=r"figures: 2.*--because"):
        correcting(store, made_of(children=70), None)
    corrected = correcting(store, made_of(children=70), "late_return").corrects
    assert (corrected.because, corrected.changed) == (
        "late_return",
        2,
    )  # one is a share of the other
    assert [figure.children for figure in corrected.before.figures] == [60]


def test_the_same_again_corrects_nothing_and_a_correction_stays_one(store, tmp_path):
    left(store, tmp_path)
    assert correcting(store, made_of(), None).corrects is None
    second = correcting(store, made_of(children=70), "analysis")
    left(store, tmp_path, second)
    assert correcting(store, made_of(children=70), None) == second


def test_a_file_keeps_what_it_corrects(tmp_path, store):
    left(store, tmp_path)
    made = correcting(store, made_of(children=70), "plan")
    assert read_release(write_release(made, tmp_path / "release.json")) == made
