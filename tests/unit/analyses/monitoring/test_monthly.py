"""The monthly series by hand: what is counted, of whom, and what a missing return leaves."""

import pytest

from analyses.monitoring import figures, monthly
from analyses.services.service import ST_GILES
from tests.unit.analyses.making import believed, child, episode, episodes, referral


def by_month(told, measure):
    return {figure.group: figure for figure in told if figure.measure == measure}


def test_children_missing_are_distinct_where_episodes_are_not():
    told = figures(believed(episodes("ann", "2023-04-03 2023-04-09"), quarter="2023Q1"))
    assert by_month(told, "episodes")["2023-04"].value == 2
    april = by_month(told, "children_missing")["2023-04"]
    assert (april.value, april.children, april.unit) == (1, 1, "children")
    assert by_month(told, "children_missing")["2023-05"].value == 0


def test_rate_and_share_are_of_the_children_known_all_through_the_month():
    told = figures(
        believed(
            *(child(key) for key in ("ann", "bob", "cai")),
            child("new", history_from="2023-04-02"),  # the first of April is not on record
            child("gone", followed_to="2023-04-30"),  # nor can the last be observed
            child("grown", "2005-03"),  # eighteen in March
            child("eighteen", "2005-04"),  # counts to the end of April
            episodes("ann", "2023-04-03 2023-04-09 2023-04-20"),
            episode("new", "2023-04-10"),
            episode("stranger", "2023-04-10"),
            quarter="2023Q1",
        )
    )
    rate = by_month(told, "episodes_per_100_child_days")
    share = by_month(told, "share_missing")
    assert (rate["2023-04"].children, rate["2023-04"].events) == (4, 3)
    assert rate["2023-04"].value == pytest.approx(100 * 3 / (4 * 30))
    assert rate["2023-04"].with_events == 1
    assert "time_not_at_risk" in rate["2023-04"].unmet
    assert (share["2023-04"].children, share["2023-04"].of) == (1, 4)
    assert share["2023-04"].value == 0.25
    assert share["2023-05"].of == 4  # 'new' is known by then, 'eighteen' has left
    assert by_month(told, "episodes")["2023-04"].value == 5


def test_nobody_known_is_no_share_of_nothing():
    told = figures(believed(episode("ann", "2023-04-03"), quarter="2023Q1"))
    assert by_month(told, "share_missing")["2023-04"].why_not == "no_events"
    assert by_month(told, "episodes_per_100_child_days")["2023-04"].value is None


def test_a_rate_needs_both_returns_and_a_count_only_its_own():
    told = figures(
        believed(child("ann"), episode("ann", "2023-07-03"), not_sent="children/2023Q2",
                 quarter="2023Q2")
    )  # fmt: skip
    assert by_month(told, "episodes")["2023-07"].value == 1
    assert by_month(told, "share_missing")["2023-07"].why_not == "no_return"
    assert by_month(told, "share_missing")["2023-06"].value == 0


def test_referrals_and_first_sessions_stand_in_their_own_months_as_last_told():
    snapshot = believed(
        referral("ann", "2023-04-28", "waiting", quarter="2023Q1"),
        referral("ann", "2023-04-28", quarter="2023Q2", first_session_on="2023-07-05"),
        referral("ann", "2023-07-01"),
        referral("bob", "2023-03-31", quarter="2023Q1"),  # before the first return
        quarter="2023Q2",
    )
    told = monthly.of_service(snapshot, ST_GILES)
    made = by_month(told, "referrals_made")
    assert {month: figure.value for month, figure in made.items() if figure.value} == {
        "2023-04": 1,
        "2023-07": 1,
    }
    assert {figure.cohort for figure in told} == {"st_giles"}
    assert by_month(told, "first_sessions")["2023-07"].value == 1


def test_a_form_that_never_came_is_one_month_without_a_value():
    told = [f for f in figures(believed(quarter="2023Q2")) if f.measure == "assessments"]
    assert [(f.group, f.value, f.why_not) for f in told] == [("2023-07", None, "no_return")]
    none = figures(believed(quarter="2023Q2", not_sent="missing_episodes"))
    assert {f.why_not for f in none if f.outcome == "re_missing"} == {"no_return"}


def test_the_month_from_which_most_episodes_are_by_another_definition_says_so():
    snapshot = believed(
        episodes("ann", "2023-04-03 2023-05-03 2023-05-09 2023-05-11"),
        episode("bob", "2023-05-20", definition="local"),  # the fewer
        episode("ann", "2023-07-03", definition="local"),
        episode("bob", "2023-07-13"),  # as many: the earlier one stays
        episode("ann", "2023-08-03", definition="local"),
        episode("ann", "2023-09-03", definition="local"),
        quarter="2023Q2",
    )
    told = by_month(figures(snapshot), "episodes")
    assert [month for month, figure in told.items() if figure.unmet] == ["2023-08"]
    assert told["2023-08"].unmet == ("definition_changed",)


def test_a_definition_changed_while_no_return_came_shows_in_the_next_month_that_did():
    snapshot = believed(
        episodes("ann", "2023-04-03 2023-07-03"),
        episode("ann", "2023-10-03", definition="local"),
        quarter="2023Q3",
        not_sent="missing_episodes/2023Q2",
    )
    told = by_month(figures(snapshot), "episodes")
    assert told["2023-10"].unmet == ("definition_changed",)
    assert (told["2023-07"].why_not, told["2023-07"].unmet) == ("no_return", ())
