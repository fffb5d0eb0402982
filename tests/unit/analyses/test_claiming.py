"""Which quarter's release may carry a claim: it cannot be chosen once anything has been seen."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from analyses import releasing
from analyses.claiming import claimed_before, moment, with_look
from analyses.plan import read_plan
from evaluation.disclosure import PUBLIC, release, write_release
from evaluation.estimating.spending import looks
from evaluation.nouns import AT_LOOK, Claiming, Estimate
from evaluation.quarters import Quarter
from evaluation.store import Store, record_release
from schemas import FORMS
from tests.unit.analyses.making import PROVIDERS, believed, child, episodes, meeting

PLAN = replace(read_plan(), minimum_children_per_arm=2)
BY_CHILDREN = replace(PLAN, claim_rule="by_children", claim_quarter=None, claim_children_per_arm=2)
LOOKS = (Quarter(2023, 4), Quarter(2024, 2), Quarter(2024, 4))
BY_SPENDING = replace(
    PLAN, claim_rule="by_spending", claim_quarter=None, claim_children_per_arm=4, claim_looks=LOOKS
)

# Two children of each arm; the 182 days of the second pair end on 4 March 2024, in 2023Q4.
PAIRS = {"2023-06-06": "2023-05-20 2023-05-25 2023-06-01", "2023-09-04": "2023-08-20 2023-08-25 2023-09-01"}  # fmt: skip
LATE = {"2024-06-05": "2024-05-20 2024-05-25 2024-06-01"}


def world(pairs=PAIRS):
    for number, (day, before) in enumerate(pairs.items()):
        for decision in ("no_referral", "refer_st_giles"):
            key = f"{number}-{decision[0]}"
            yield from child(key)
            yield from episodes(key, before)
            yield from meeting(key, day, decision)


def when(plan, *rows, quarter="2024Q4", **others):
    return moment(believed(*(rows or (world(),)), quarter=quarter), plan, registered=plan, **others)


# ---- By date ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("quarter", ["2023Q1", "2024Q4"])
def test_by_date_it_is_the_plans_quarter_whatever_has_come(quarter):
    found = when(PLAN, quarter=quarter)
    assert (found.quarter, found.look) == (Quarter(2024, 4), None)
    assert found.claiming == Claiming(days=182, blocked_by=PLAN.claim_blocked_by)


# ---- By children -----------------------------------------------------------------------------------


def test_by_children_it_is_the_first_quarter_in_which_both_arms_are_large_enough():
    assert when(BY_CHILDREN, quarter="2023Q3").quarter is None
    for later in ("2023Q4", "2024Q1", "2024Q4"):
        assert when(BY_CHILDREN, quarter=later).quarter == Quarter(2023, 4)


def test_the_larger_arm_does_not_make_up_for_the_smaller():
    more = meeting("1-n", "2023-09-04", "refer_st_giles")
    rows = [
        row
        for row in world()
        if not (row[0] == "meeting_decisions" and row[1]["child_key"] == "1-n")
    ]
    assert when(BY_CHILDREN, rows, more).quarter is None


def test_what_happens_to_the_children_afterwards_does_not_move_it():
    again = [row for key in ("0-n", "0-r", "1-n") for row in episodes(key, "2023-11-11 2023-12-12")]
    assert when(BY_CHILDREN, world(), again).quarter == Quarter(2023, 4)


def test_a_claim_that_was_made_stays_where_it_was_though_late_returns_would_move_it():
    assert when(BY_CHILDREN, claimed=Quarter(2024, 1)).quarter == Quarter(2024, 1)


def test_without_children_or_returns_nobody_knows_when():
    assert when(BY_CHILDREN, ()).quarter is None
    assert moment(believed(not_sent="meeting_decisions"), BY_CHILDREN).quarter is None


def test_the_ledger_remembers_the_claim_of_this_very_plan_and_body(tmp_path):
    store = Store.open(tmp_path / "store")

    def leaves(quarter, claim_quarter, *, plan=BY_CHILDREN.hash, body="gwent"):
        made = release(
            [], PUBLIC, body=body, quarter=quarter, snapshot="S", plan=plan,
            claim_quarter=claim_quarter, versions={}, made_on=date(2024, 5, 1),
        )  # fmt: skip
        path = write_release(made, tmp_path / f"{body}-{quarter}-{plan[:3]}.json")
        record_release(store, made, path, now=datetime(2024, 5, 1, tzinfo=UTC))

    assert claimed_before(store, "gwent", BY_CHILDREN) is None
    leaves(Quarter(2023, 3), None)
    leaves(Quarter(2023, 4), Quarter(2023, 4), plan="f" * 64)
    leaves(Quarter(2023, 4), Quarter(2023, 4), body="elsewhere")
    assert claimed_before(store, "gwent", BY_CHILDREN) is None
    leaves(Quarter(2024, 1), Quarter(2024, 1))
    leaves(Quarter(2024, 2), Quarter(2024, 1))
    assert claimed_before(store, "gwent", BY_CHILDREN) == Quarter(2024, 1)


# ---- By spending -----------------------------------------------------------------------------------


def test_at_a_look_the_boundary_follows_from_the_share_of_the_children_that_is_in():
    found = when(BY_SPENDING, quarter="2023Q4")
    assert found.quarter == Quarter(2023, 4)
    assert found.claiming.information == 0.5  # two and two of four and four
    assert found.look == looks([0.5])[0]


def test_between_looks_nothing_is_claimed_and_the_next_one_is_named():
    found = when(BY_SPENDING, quarter="2024Q1")
    assert (found.quarter, found.look, found.claiming.information) == (Quarter(2024, 2), None, None)


def test_a_look_at_which_nothing_new_is_known_spends_nothing():
    found = when(BY_SPENDING, quarter="2024Q2")
    assert (found.quarter, found.look) == (Quarter(2024, 4), None)
    assert when(BY_SPENDING).quarter is None  # the last look, and still the same children


def test_the_last_look_spends_what_is_left_though_fewer_came_than_were_planned():
    found = when(BY_SPENDING, world(PAIRS | LATE))
    assert found.quarter == Quarter(2024, 4)
    assert found.look == looks([0.5, 0.75], spent_at=[0.5, 1])[-1]
    assert found.look.spent == pytest.approx(0.05)


def test_after_the_last_look_there_is_no_claim_any_more():
    found = when(replace(BY_SPENDING, claim_looks=LOOKS[:2]))
    assert (found.quarter, found.look) == (None, None)


def test_a_boundary_tells_no_count_because_shares_are_whole_twentieths():
    found = when(replace(BY_SPENDING, claim_children_per_arm=7), quarter="2023Q4")
    assert found.claiming.information == 0.25  # 2 of 7 is 0.286


def test_the_main_figures_bear_the_interval_of_the_look_beside_their_own():
    ratio = Estimate("re_missing", "rate_ratio", "contrast", cohort="discussed", outcome="re_missing",
                     days=182, value=0.6, low=0.4, high=0.9, se=0.2, role="primary")  # fmt: skip
    others = [replace(ratio, days=90, role="secondary"), replace(ratio, measure="unadjusted_rate_ratio"),
              replace(ratio, measure="episodes_per_100_child_days", group="referred")]  # fmt: skip
    look = looks([0.5])[0]
    told = with_look([ratio, *others], PLAN, look)
    (wide,) = [one for one in told if one.measure.endswith(AT_LOOK)]
    assert [one for one in told if one != wide] == [ratio, *others]
    assert wide.low < ratio.low < ratio.high < 1 < wide.high
    assert wide.confidence == look.confidence > 0.95
    assert with_look([ratio], PLAN, None) == [ratio]


# ---- Into the release ------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("plan", [PLAN, BY_SPENDING], ids=["by-date", "by-spending"])
def test_the_release_says_which_rule_held_and_whether_this_is_the_claim_analysis(
    tmp_path, monkeypatch, plan
):
    monkeypatch.setattr(
        releasing, "take_snapshot", lambda *_, **_a: believed(world(), quarter="2023Q4")
    )

    def made(**registered):
        return releasing.analyse(
            Store.open(tmp_path / "store"), Quarter(2023, 4), FORMS, body="gwent", providers=PROVIDERS,
            plan=plan, made_on=date(2024, 4, 30), **registered,
        )  # fmt: skip

    found = made(registered=plan)
    assert found.claiming.rule == plan.claim_rule
    assert found.claiming.departs == ()
    assert found.is_claim == (plan is BY_SPENDING)
    assert any(f.measure.endswith(AT_LOOK) for f in found.figures) == (plan is BY_SPENDING)
    departed = made()
    assert "minimum_children_per_arm" in departed.claiming.departs
    assert {f.role for f in departed.figures} <= {"exploratory", "monitoring", "description"}
