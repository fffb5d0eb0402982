"""The caseload adds up, or says by how many referrals it does not."""

import pytest

from analyses.services import caseload
from analyses.services.service import ST_GILES
from tests.unit.analyses.services.making import believed, by, case


def told(*rows, **options):
    return by(caseload.figures(believed(*rows, **options), ST_GILES), "group", "measure")


def values(found, quarter):
    return {measure: found[quarter, measure].value for measure in caseload.MEASURES}


def adds_up(found, quarter):
    at = values(found, quarter)
    return at["open_at_start"] + at["new"] - at["declined"] - at["closed"] == at["open_at_end"]


def in_turn(key, *quarters, **facts):
    """A case in the return of each quarter, closed or declined only in the last of them."""
    ends = {name: facts.pop(name) for name in ("closed_on",) if name in facts}
    *before, last = quarters
    rows = [row for each in before for row in case(key, "2023-05-01", told=each, **facts)]
    return rows + case(key, "2023-05-01", told=last, **facts, **ends)


def test_what_comes_in_goes_out_or_stays():
    found = told(
        in_turn("ann", "2023Q1", "2023Q2", closed_on="2023-08-01"),
        in_turn("bob", "2023Q1", "2023Q2"),
        case("cai", "2023-07-05", told="2023Q2", decision="declined"),
        case("dai", "2023-07-06", told="2023Q2", decision="waiting", decided_on=None),
        quarter="2023Q2",
    )
    assert values(found, "2023Q2") == {
        "open_at_start": 2, "new": 2, "declined": 1, "closed": 1, "open_at_end": 2, "unexplained": 0,
    }  # fmt: skip
    assert adds_up(found, "2023Q2")
    assert {f.unit for f in found.values()} == {"records"}


def test_the_first_quarter_and_one_after_a_gap_do_not_know_what_was_open_before():
    found = told(
        in_turn("ann", "2023Q1", "2023Q3"), quarter="2023Q3", not_sent="st_giles_referrals/2023Q2"
    )
    for quarter in ("2023Q1", "2023Q3"):
        assert found[quarter, "open_at_start"].why_not == "no_return"
        assert found[quarter, "unexplained"].value is None
        assert found[quarter, "open_at_end"].value == 1
    assert {found["2023Q2", measure].why_not for measure in caseload.MEASURES} == {"no_return"}


def test_one_that_vanishes_and_one_that_appears_do_not_cancel_out():
    found = told(
        in_turn("ann", "2023Q1"),
        case("bob", "2023-05-02", told="2023Q2"),
        quarter="2023Q2",
    )
    assert adds_up(found, "2023Q2")
    assert found["2023Q2", "unexplained"].value == 2
    assert found["2023Q2", "unexplained"].children == 2


def test_one_closed_on_a_day_of_the_last_quarter_and_told_late_is_unexplained():
    found = told(in_turn("ann", "2023Q1", "2023Q2", closed_on="2023-06-20"), quarter="2023Q2")
    assert values(found, "2023Q2")["unexplained"] == 1
    assert not adds_up(found, "2023Q2")


def test_one_told_again_after_it_had_ended_changes_nothing():
    found = told(
        case("ann", "2023-05-01", told="2023Q1 2023Q2", closed_on="2023-06-20"), quarter="2023Q2"
    )
    assert set(values(found, "2023Q2").values()) == {0}


def test_a_child_with_forty_referrals_is_one_child_in_forty_records():
    rows = [
        row
        for at in range(40)
        for row in case("ann", "2023-05-01", told="2023Q1", referral_ref=f"R{at}")
    ]
    new = told(rows, quarter="2023Q1")["2023Q1", "new"]
    assert (new.children, new.value, new.events) == (1, 40, 40)


@pytest.mark.parametrize("quarter", ["2023Q1", "2024Q4"])
def test_a_service_that_sent_nothing_has_no_caseload_and_a_nil_return_one_of_none(quarter):
    none = told(quarter=quarter, not_sent="st_giles_referrals")
    assert {f.why_not for f in none.values()} == {"no_return"}
    assert told(quarter="2023Q2")["2023Q2", "open_at_end"].value == 0.0
