"""Completeness, the funnel and the monthly series: counts that must not mislead."""

import pytest

from analyses.monitoring.monthly import episodes_by_month
from analyses.quarterly import completeness
from analyses.services import ST_GILES, funnel
from tests.unit.analyses.making import PROVIDERS, believed, child, episode, episodes, referral


def of_st_giles(snapshot):
    return funnel.so_far(snapshot, ST_GILES) + funnel.now(snapshot, ST_GILES)


def by_measure(figures, measure):
    return {figure.group: figure for figure in figures if figure.measure == measure}


def test_what_is_owed_and_has_not_come_is_told_for_every_quarter():
    snapshot = believed(quarter="2023Q2", not_sent="meeting_decisions children/2023Q2")
    told = completeness.arrived(snapshot, PROVIDERS)
    assert {figure.group: figure.value for figure in told} == {
        "police/children/2023Q1": 1.0,
        "police/children/2023Q2": 0.0,
        "police/missing_episodes/2023Q1": 1.0,
        "police/missing_episodes/2023Q2": 1.0,
        "police/away_spells/2023Q1": 1.0,
        "police/away_spells/2023Q2": 1.0,
        "meeting/meeting_decisions/2023Q1": 0.0,
        "meeting/meeting_decisions/2023Q2": 0.0,
        "st_giles/st_giles_referrals/2023Q1": 1.0,
        "st_giles/st_giles_referrals/2023Q2": 1.0,
    }


def test_filled_counts_blanks_of_this_quarter_and_takes_not_known_for_an_answer():
    snapshot = believed(
        child("ann", quarters="2023Q1 to 2023Q2", disability=None),
        child("bob", quarters="2023Q2", disability="not_known"),
        quarter="2023Q2",
    )
    disability = by_measure(completeness.filled(snapshot), "filled")["children.disability"]
    assert (disability.children, disability.of, disability.value) == (2, 2, 0.5)


def test_fields_of_a_return_that_has_not_come_say_so_and_those_of_a_nil_return_say_nothing():
    snapshot = believed(quarter="2023Q2", not_sent="children/2023Q2")
    filled = by_measure(completeness.filled(snapshot), "filled")
    assert filled["children.disability"].why_not == "no_return"
    assert filled["children.disability"].value is None
    assert not [group for group in filled if group.startswith("missing_episodes.")]


FUNNEL = (
    referral("ann", "2024-05-01", decided_on="2024-05-08", first_contact_on="2024-05-09",
             first_session_on="2024-05-20", closed_on="2024-11-01", closure_reason="planned"),
    referral("bob", "2024-05-01", decided_on="2024-05-08", first_contact_on="2024-05-09",
             first_session_on="2024-05-20", closed_on="2024-11-01", closure_reason="disengaged"),
    referral("cai", "2024-05-01", "declined", first_contact_on="2024-05-09"),
    referral("dai", "2024-05-01", decided_on="2024-05-08"),
)  # fmt: skip


def test_each_stage_of_the_funnel_is_part_of_the_one_before():
    told = of_st_giles(believed(*FUNNEL))
    shares = {f.measure: (f.children, f.of) for f in told if f.of}
    assert shares == {
        "referred": (4, 4),
        "accepted": (3, 4),
        "contacted": (2, 4),  # who was reached and then declined was not served
        "first_session": (2, 4),
        "closed_as_planned": (1, 4),
    }
    accepted = next(f for f in told if f.measure == "accepted")
    assert (accepted.low, accepted.high) == pytest.approx((0.3006, 0.9544), abs=1e-4)


def test_the_funnel_holds_each_child_once_by_its_first_referral_of_the_year_as_last_told():
    told = of_st_giles(
        believed(
            referral("ann", "2024-03-31"),  # the day before the twelve months
            referral("bob", "2024-04-01", "waiting", quarter="2024Q1"),
            referral("bob", "2024-04-01", "accepted", quarter="2024Q2"),
            referral("bob", "2024-12-01", "declined"),
        )
    )
    assert {f.measure: (f.children, f.of) for f in told if f.of} == {
        "referred": (1, 1),
        "accepted": (1, 1),
        "contacted": (0, 1),
        "first_session": (0, 1),
        "closed_as_planned": (0, 1),
    }


def test_the_caseload_is_that_of_the_quarters_own_return():
    told = of_st_giles(
        believed(
            referral("ann", "2025-01-01", "waiting"),
            referral("bob", "2025-01-01"),
            referral("cai", "2025-01-01", closed_on="2025-03-01", closure_reason="planned"),
            referral("dai", "2024-10-01"),  # open then, and in no return since
        )
    )
    counts = {f.measure: f.children for f in told if f.measure.endswith("_now")}
    assert counts == {"waiting_now": 1, "open_now": 1}


def test_without_the_quarters_return_nothing_is_told_of_referrals():
    for not_sent in ("st_giles_referrals", "st_giles_referrals/2024Q4"):
        told = of_st_giles(believed(*FUNNEL, not_sent=not_sent))
        assert {f.why_not for f in told} == {"no_return"}
        assert {f.value for f in told} == {None}
        assert {f.measure for f in told} >= {"referred", "waiting_now"}


def test_a_gap_earlier_in_the_year_is_stamped_on_the_funnel():
    told = of_st_giles(believed(*FUNNEL, not_sent="st_giles_referrals/2024Q2"))
    assert {f.unmet for f in told if f.of} == {("returns_missing",)}
    told = of_st_giles(believed(*FUNNEL, not_sent="st_giles_referrals/2023Q1"))
    assert {f.unmet for f in told if f.of} == {()}


def test_no_referrals_in_a_year_give_a_reason_and_no_share():
    told = of_st_giles(believed())
    assert {f.why_not for f in told if not f.measure.endswith("_now")} == {"no_events"}
    assert {f.value for f in told if f.measure.endswith("_now")} == {0.0}


def test_overlapping_episodes_are_one_in_the_monthly_series_too():
    snapshot = believed(
        episode("ann", "2023-04-03", hours=72), episode("ann", "2023-04-04"), quarter="2023Q1"
    )
    assert episodes_by_month(snapshot)[0].events == 1


def test_the_monthly_series_tells_zero_from_no_return():
    snapshot = believed(
        episodes("ann", "2022-12-24 2023-04-01 2023-04-30 2023-12-31"),
        episode("bob", "2023-04-02"),
        quarter="2023Q3",
        not_sent="missing_episodes/2023Q2",
    )
    told = {f.group: (f.events, f.children, f.why_not) for f in episodes_by_month(snapshot)}
    assert told == {
        "2023-04": (3, 2, None),
        "2023-05": (0, 0, None),
        "2023-06": (0, 0, None),
        "2023-07": (None, None, "no_return"),
        "2023-08": (None, None, "no_return"),
        "2023-09": (None, None, "no_return"),
        "2023-10": (0, 0, None),
        "2023-11": (0, 0, None),
        "2023-12": (1, 1, None),
    }
