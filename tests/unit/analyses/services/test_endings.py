"""How work ends: the ways compete, blanks are missing, and children with many sessions are few."""

import pytest

from analyses.services import endings
from analyses.services.service import ST_GILES
from tests.unit.analyses.services.making import believed, by, case, of


def told(*rows, **options):
    return endings.figures(believed(*rows, **options), ST_GILES)


def ended(figures):
    return {(f.outcome, f.days): f for f in of(figures, measure="ended")}


def begun(key, closed=None, why=None, **facts):
    closing = {"closed_on": closed, "closure_reason": why} if closed else {}
    return case(key, "2023-05-01", first_session_on="2023-05-11", **closing, **facts)


def test_the_ways_to_end_compete_and_add_up():
    rows = [
        *begun("a", "2023-07-01", "planned"),
        *begun("b", "2023-07-02", "disengaged"),
        *begun("c", "2023-07-03", "moved"),
        *begun("d", "2023-07-04", "custody"),
        *(row for each in range(6) for row in begun(f"o{each}")),
    ]
    found = ended(told(*rows))
    at_90 = {way: found[way, 90].value for way in endings.ENDINGS}
    assert at_90 == pytest.approx({"planned": 0.1, "disengaged": 0.1, "other": 0.2})
    assert (found["other", 90].children, found["other", 90].of) == (2, 10)


def test_an_open_case_counts_for_as_long_as_it_was_followed():
    rows = [row for each in range(10) for row in begun(f"a{each}", "2023-08-01", "planned")]
    rows += [
        row
        for each in range(10)
        for row in case(f"n{each}", "2025-03-01", first_session_on="2025-03-02")
    ]
    found = ended(told(*rows))
    assert found["planned", 90].value == pytest.approx(1.0)  # of ten followed, ten
    assert found["planned", 365].of == 20


def test_days_that_nobody_has_behind_them_have_no_share():
    rows = [
        row
        for each in range(12)
        for row in case(f"n{each}", "2024-10-01", first_session_on="2024-10-02")
    ]
    found = ended(told(*rows))
    assert found["planned", 90].value == 0.0
    assert {found[way, 365].why_not for way in endings.ENDINGS} == {"no_follow_up"}


def test_a_case_under_way_before_the_returns_counts_from_when_it_came_into_view():
    rows = [
        row
        for each in range(10)
        for row in case(
            f"s{each}",
            "2023-01-01",
            told="2023Q1",
            decided_on="2023-01-05",
            first_session_on="2023-01-10",
            closed_on="2023-06-01",
        )
    ]
    found = ended(told(*rows, quarter="2023Q1"))
    assert found["planned", 90].unmet == ("truncation",)
    gone_before = case(
        "x", "2023-01-01", told="2023Q1", first_session_on="2023-01-10", closed_on="2023-03-31"
    )
    assert ended(told(rows, gone_before, quarter="2023Q1"))["planned", 90].of == 10


def attended(*pairs):
    rows = [
        row
        for at, (offered, came) in enumerate(pairs)
        for row in begun(f"c{at}", sessions_offered=offered, sessions_attended=came)
    ]
    return by(of(told(*rows), group="all", outcome=None), "measure")


def test_a_blank_is_missing_and_not_a_session_stayed_away_from():
    found = attended((10, 5), (10, 9), (None, None), (8, None))
    share, counted = found["sessions_attended"], found["sessions_counted"]
    assert (share.value, share.of, share.events, share.children) == (0.7, 20, 14, 2)
    assert (counted.children, counted.of) == (2, 4)


def test_children_offered_none_are_counted_and_weigh_nothing():
    found = attended((0, 0), (4, 2), (4, 2), (4, 2))
    assert (found["sessions_attended"].value, found["sessions_attended"].children) == (0.5, 3)
    assert found["sessions_counted"].children == 4


def test_limits_allow_for_children_who_come_to_all_or_nothing():
    alike = attended(*[(20, 10)] * 20)["sessions_attended"]
    apart = attended(*[(20, 20), (20, 0)] * 10)["sessions_attended"]
    assert alike.value == apart.value == 0.5
    assert alike.high - alike.low < 0.01
    # As of twenty children, not of four hundred sessions.
    assert apart.high - apart.low == pytest.approx(2 * 1.96 * (0.25 / 20) ** 0.5, rel=0.1)


def test_where_all_came_limits_are_those_of_as_many_children():
    share = attended(*[(10, 10)] * 5)["sessions_attended"]
    assert (share.value, share.high, round(share.low, 3)) == (1.0, 1.0, 0.566)


def test_one_child_with_forty_referrals_counts_once():
    rows = [
        row
        for at in range(40)
        for row in case(
            "ann", "2023-05-01", referral_ref=f"R{at}", first_session_on="2023-05-11",
            sessions_offered=2, sessions_attended=1,
        )
    ]  # fmt: skip
    found = by(of(told(*rows), group="all", outcome=None), "measure")
    assert (found["sessions_attended"].children, found["sessions_attended"].of) == (1, 2)
    assert found["sessions_attended"].low is None


@pytest.mark.parametrize("not_sent", ["st_giles_referrals", "st_giles_referrals/2024Q4"])
def test_without_the_return_and_without_children_there_are_reasons(not_sent):
    places = {(f.measure, f.outcome, f.days) for f in told()}
    none = told(*begun("a"), not_sent=not_sent)
    assert {(f.measure, f.outcome, f.days) for f in none} == places
    assert {f.why_not for f in none} == {"no_return"}
    assert {f.why_not for f in told()} == {"no_follow_up", "no_events"}
    assert {f.value for f in told()} == {None}
