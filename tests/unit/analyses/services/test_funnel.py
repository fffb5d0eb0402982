"""How far children have come: each once, each with the same time, and nothing where nothing came."""

import pytest

from analyses.services import funnel
from analyses.services.service import POSITIVE_FUTURES, SERVICES, ST_GILES
from tests.unit.analyses.services.making import believed, by, case, of

FULL = {
    "first_contact_on": "2024-05-09",
    "first_session_on": "2024-05-20",
    "closed_on": "2024-11-01",
    "closure_reason": "planned",
}
CASES = (
    case("ann", "2024-05-01", **FULL),
    case("bob", "2024-05-01", **{**FULL, "closure_reason": "disengaged"}),
    case("cai", "2024-05-01", decision="declined"),
    case("dai", "2024-05-01"),
    case("eve", "2025-03-01"),
)


def counts(figures, **named):
    return {f.measure: (f.children, f.of) for f in of(figures, **named)}


def test_so_far_counts_everybody_referred_in_the_year():
    told = funnel.so_far(believed(*CASES), ST_GILES)
    assert counts(told, cohort="st_giles_12_months") == {
        "referred": (5, 5),
        "accepted": (4, 5),
        "contacted": (2, 5),
        "first_session": (2, 5),
        "closed_as_planned": (1, 5),
    }


def test_who_went_on_is_a_share_of_the_stage_before_with_its_own_interval():
    told = funnel.went_on(funnel.so_far(believed(*CASES), ST_GILES))
    assert {f.group: (f.children, f.of) for f in told} == {
        "accepted": (4, 5),
        "contacted": (2, 4),
        "first_session": (2, 2),
        "closed_as_planned": (1, 2),
    }
    half = by(told, "group")["contacted"]
    # Wilson's limits of 2 of 4: R, prop.test(2, 4, correct = FALSE)
    assert (half.value, half.low, half.high) == pytest.approx((0.5, 0.1500390, 0.8499610), abs=1e-6)
    assert (half.method, half.cohort) == ("wilson", "st_giles_12_months")


def test_where_nobody_came_to_a_stage_nobody_could_go_on():
    told = funnel.went_on(
        funnel.so_far(believed(case("ann", "2024-05-01", decision="declined")), ST_GILES)
    )
    assert {f.group: f.why_not for f in told} == {
        "accepted": None,
        "contacted": "no_events",
        "first_session": "no_events",
        "closed_as_planned": "no_events",
    }


def test_the_fairer_funnel_leaves_out_who_has_not_had_the_time():
    told = funnel.old_enough(believed(*CASES), ST_GILES)
    assert counts(told, cohort="st_giles_old_enough") == {
        "accepted": (3, 4),  # eve has had thirty days
        "contacted": (2, 4),
        "first_session": (2, 4),
        "closed_as_planned": (0, 4),  # ann's came on day 184
    }
    assert {f.measure: f.days for f in told} == funnel.OLD_ENOUGH


def test_the_fairer_funnel_counts_only_what_came_in_time():
    in_time = case(
        "ann", "2024-05-01", first_contact_on="2024-05-02", first_session_on="2024-07-30"
    )
    late = case("bob", "2024-05-01", first_contact_on="2024-05-02", first_session_on="2024-07-31")
    told = by(funnel.old_enough(believed(in_time, late), ST_GILES), "measure")
    assert (told["first_session"].children, told["first_session"].of) == (1, 2)
    assert (told["contacted"].children, told["contacted"].of) == (2, 2)


def test_a_session_without_a_told_contact_is_a_contact_in_the_fairer_funnel():
    told = funnel.old_enough(
        believed(case("ann", "2024-05-01", first_session_on="2024-06-01")), ST_GILES
    )
    assert counts(told)["contacted"] == (1, 1)


def test_who_came_late_into_view_is_not_in_the_fairer_funnel():
    survivor = case("ann", "2024-06-01", told="2024Q2", closed_on="2024-09-01")
    assert counts(funnel.old_enough(believed(survivor), ST_GILES))["accepted"] == (0, 0)


def test_who_vanished_from_the_returns_before_the_time_was_up_is_left_out():
    gone = case("ann", "2024-06-01", told="2024Q1", first_session_on="2024-06-02")
    assert counts(funnel.old_enough(believed(gone), ST_GILES))["first_session"] == (0, 0)


def test_reasons_are_told_in_code_list_order_of_those_declined_and_closed():
    told = funnel.reasons(believed(*CASES), ST_GILES)
    assert counts(of(told, group="all")) == {"declined": (1, 5), "closed": (2, 5)}
    assert [(f.group, f.children, f.of) for f in of(told, measure="declined_because")] == [
        ("no_capacity", 0, 1),
        ("no_consent", 1, 1),
        ("out_of_scope", 0, 1),
        ("other_service", 0, 1),
        ("not_reached", 0, 1),
    ]
    closed = by(of(told, measure="closed_because"), "group")
    assert list(closed) == [
        "planned", "disengaged", "moved", "custody", "handed_over", "declined", "other",
    ]  # fmt: skip
    assert (closed["planned"].value, closed["disengaged"].value, closed["moved"].value) == (
        0.5,
        0.5,
        0,
    )


def test_one_child_with_forty_referrals_is_one_child():
    many = [row for day in range(1, 29) for row in case("ann", f"2024-05-{day:02}")]
    many += [row for day in range(1, 13) for row in case("ann", f"2024-06-{day:02}")]
    told = funnel.figures(believed(many), ST_GILES)
    assert {f.of for f in told if f.measure in {"referred", "accepted"}} == {1}
    assert (
        by(of(told, cohort="st_giles_12_months"), "measure", "group")["open_now", "all"].value == 1
    )


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("not_sent", ["{form}", "{form}/2024Q4"])
def test_without_the_quarters_return_every_figure_says_so(service, not_sent):
    told = funnel.figures(believed(*CASES, not_sent=not_sent.format(form=service.form)), service)
    assert {f.why_not for f in told} == {"no_return"}
    assert {f.value for f in told} == {None}
    assert len(told) == len({(f.cohort, f.measure, f.group, f.days) for f in told})


def test_a_service_with_no_referrals_has_reasons_and_no_shares():
    told = funnel.figures(believed(*CASES), POSITIVE_FUTURES)
    assert {f.why_not for f in told if f.measure not in funnel.NOW} == {"no_events"}
    assert {f.cohort for f in told} == {"positive_futures_12_months", "positive_futures_old_enough"}


def test_a_gap_in_the_year_is_stamped():
    told = funnel.figures(believed(*CASES, not_sent="st_giles_referrals/2024Q2"), ST_GILES)
    assert {f.unmet for f in told if f.measure not in funnel.NOW} == {("returns_missing",)}
