"""Every sensitivity analysis: known answers where they can be had, and reasons where they cannot."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from analyses.cohorts import discussed
from analyses.outcomes import OUTCOMES
from analyses.plan import read_plan
from analyses.sensitivity import SENSITIVITY, every
from analyses.sensitivity._graded import GRADED
from analyses.sensitivity.no_place_free import no_place_free
from analyses.sensitivity.one_definition import changed_on
from analyses.sensitivity.recurrent_events import within
from analyses.sensitivity.two_services import with_another
from analyses.time_away import time_away
from evaluation.disclosure import PUBLIC, release
from evaluation.following import follow
from evaluation.quarters import Quarter
from evaluation.wording import ASSUMPTIONS, METHODS, REASONS
from tests.unit.analyses.making import believed, child, episode, episodes, meeting

PLAN = replace(read_plan(), bootstrap_replicates=19)
SPIKE = "2023-05-20 2023-05-25 2023-06-01"
FUTURES = "positive_futures_referrals"


def pairs(count, *, each=(2, 1), arms=("no_referral", "refer_st_giles"), reason=None):
    """Pairs of like children; of four pairs one never goes missing again, one three times as often."""
    for number in range(count):
        for arm, times in zip(("no_referral", "refer_st_giles"), each, strict=True):
            if arm not in arms:
                continue
            key = f"{number:03}-{arm}"
            again = times * (0, 1, 1, 3)[number % 4]
            days = [f"{date(2023, 7, 1) + timedelta(days=5 * time)}" for time in range(again)]
            yield from child(key, ("2010-02", "2008-11", "2011-07")[number % 3])
            yield from episodes(key, f"{SPIKE} {' '.join(days)}")
            why = {"reason_not_referred": reason} if reason and arm == "no_referral" else {}
            yield from meeting(key, "2023-06-06", arm, **why)


def futures(snapshot, *spells):
    """The snapshot with referrals to the other service: child, from, to."""
    rows = pd.DataFrame(
        [(f"PF{number}", *spell, "accepted", "2023Q1", "pf") for number, spell in enumerate(spells)],
        columns=["referral_ref", "child_key", "referred_on", "closed_on", "decision", "quarter",
                 "provider"],
    ).astype({"referred_on": "datetime64[us]", "closed_on": "datetime64[us]"})  # fmt: skip
    return replace(snapshot, tables={**snapshot.tables, FUTURES: rows})


def laid_out(snapshot, plan=PLAN):
    cohort = discussed(snapshot, plan)
    at_risk = follow(cohort, OUTCOMES[plan.outcome], snapshot, away=time_away(snapshot))
    return cohort, at_risk, snapshot, plan


@pytest.fixture(scope="module")
def halved():
    snapshot = futures(
        believed(pairs(40, reason="no_capacity")), ("000-no_referral", "2023-06-20", None)
    )
    found = every(*laid_out(snapshot, replace(PLAN, bootstrap_replicates=499)))
    return {(f.measure, f.group, f.cohort, f.outcome, f.days): f for f in found}


def one(found, measure, days=182):
    (it,) = [f for f in found.values() if f.measure == measure and f.days == days]
    return it


@pytest.mark.parametrize(
    "measure",
    ["doubly_robust_rate_ratio", "mean_episodes_ratio",
     "no_place_free_rate_ratio", "two_services_rate_ratio", "every_meeting_rate_ratio"],
)  # fmt: skip
def test_where_like_children_have_half_the_episodes_every_road_finds_about_a_half(halved, measure):
    figure = one(halved, measure)
    assert figure.value == pytest.approx(0.5, rel=0.05)  # the bias taken off is drawn
    assert figure.low < figure.value < figure.high
    assert (figure.role, figure.section) == ("sensitivity", "re_missing")


def test_hazards_of_the_next_episode_are_lower_too(halved):
    for model in ("andersen_gill", "pwp_total", "pwp_gap"):
        assert one(halved, f"{model}_hazard_ratio").value < 0.75


def test_matching_finds_the_twins(halved):
    assert one(halved, "matched_rate_ratio").value == pytest.approx(0.5, rel=0.15)
    assert one(halved, "matched_children").value == 40


def test_days_free_and_the_difference_of_means_go_the_way_they_should(halved):
    assert one(halved, "mean_episodes_difference").value == pytest.approx(-1.25, rel=0.03)
    # A child with one episode or more goes missing first on 1 July, in either arm.
    assert one(halved, "days_free_of_episodes_difference").value == pytest.approx(0, abs=1e-6)


def test_the_case_series_says_that_its_baseline_is_calm_and_that_nobody_is_compared(halved):
    key = ("self_controlled_rate_ratio", "referred", "discussed", "re_missing", 182)
    assert halved[key].unmet == ("calm_baseline", "time_not_at_risk")
    assert halved[key].design_level == 2


def test_the_e_value_is_that_of_the_ratio(halved):
    points = [f for f in halved.values() if f.measure == "e_value" and f.group == "point"]
    assert points[0].value == pytest.approx(2 + 2**0.5, rel=0.06)


def test_the_child_with_most_episodes_is_left_out(halved):
    figure = one(halved, "without_most_frequent_rate_ratio")
    assert figure.children == 79
    assert figure.events == one(halved, "doubly_robust_rate_ratio").events - 6


def test_another_service_is_counted_from_its_day_on(halved):
    began = halved["other_service_before", "not_referred", "discussed", "re_missing", 182]
    during = halved["other_service_within", "not_referred", "discussed", "re_missing", 182]
    share = halved["days_with_other_service", "not_referred", "discussed", "re_missing", 182]
    assert (began.children, during.children, during.of) == (0, 1, 40)
    assert share.value == pytest.approx((182 - 14) / (40 * 182))


def test_spells_with_another_service_may_overlap_and_end():
    snapshot = futures(
        believed(meeting("B", "2023-07-04", "refer_other")),
        ("A", "2023-06-01", "2023-08-01"), ("A", "2023-07-01", "2023-09-01"),
    )  # fmt: skip
    told = with_another(snapshot)
    assert [(row.child_key, f"{row.on:%m-%d}", row.value) for row in told.itertuples()] == [
        ("A", "06-01", 1), ("A", "07-01", 1), ("A", "08-01", 1), ("A", "09-01", 0), ("B", "07-04", 1),
    ]  # fmt: skip


def test_only_children_kept_out_by_lack_of_a_place_are_compared():
    snapshot = believed(pairs(2, reason="no_capacity"), child("X"), episodes("X", SPIKE),
                        meeting("X", "2023-06-06", reason_not_referred="low_concern"))  # fmt: skip
    own = no_place_free(discussed(snapshot, PLAN), snapshot)
    assert own.children["child_key"].tolist() == [
        "000-no_referral", "000-refer_st_giles", "001-no_referral", "001-refer_st_giles",
    ]  # fmt: skip


def test_grades_in_and_out():
    snapshot = believed(
        episode("A", "2023-06-01", risk_first="no_apparent_risk"),
        episode("A", "2023-06-02", risk_first="low"), episode("A", "2023-06-03", risk_first="high"),
    )  # fmt: skip
    days = {
        name: outcome.events(snapshot)["started_on"].dt.day.tolist()
        for name, outcome in ({"re_missing": OUTCOMES["re_missing"]} | dict(GRADED)).items()
    }
    assert days == {
        "re_missing": [1, 2, 3], "re_missing_graded": [2, 3], "re_missing_medium_high": [3],
    }  # fmt: skip


def test_a_change_of_definition_leaves_out_windows_that_hold_it():
    snapshot = believed(
        pairs(40), episode("Z", "2023-09-01", definition="local"),
        episode("Z", "2023-09-05", definition="local"),
    )  # fmt: skip
    assert changed_on(snapshot).tolist() == [pd.Timestamp("2023-09-01").to_pydatetime()]
    (figure,) = SENSITIVITY["one_definition"](*laid_out(snapshot))
    assert (figure.value, figure.why_not, figure.children) == (None, "no_follow_up", 0)


def test_where_the_definition_never_changed_it_says_so(halved):
    assert one(halved, "one_definition_rate_ratio").why_not == "nothing_changed"


def test_time_within_a_window_is_cut_there_and_later_events_are_not_in_it():
    at_risk = laid_out(believed(child("A"), episodes("A", f"{SPIKE} 2023-07-01"),
                                meeting("A", "2023-06-06")))[1]  # fmt: skip
    assert within(at_risk, 25).rows[["start", "stop", "events"]].to_numpy().tolist() == [[0, 25, 1]]
    assert within(at_risk, 24).rows[["start", "stop", "events"]].to_numpy().tolist() == [[0, 24, 0]]


OFTEN = " ".join(f"{date(2023, 6, 8) + timedelta(days=2 * number)}" for number in range(40))
EDGES = {
    "nobody": (),
    "five children": (*pairs(2), *child("X"), *episodes("X", SPIKE), *meeting("X", "2023-06-06")),
    "no comparator": tuple(pairs(35, arms=("refer_st_giles",))),
    "nobody referred": tuple(pairs(35, arms=("no_referral",))),
    "no events": tuple(pairs(35, each=(0, 0))),
    "no events of those referred": tuple(pairs(35, each=(1, 0))),
    "one child with 40 episodes": (
        *pairs(34), *child("Z"), *episodes("Z", f"{SPIKE} {OFTEN}"), *meeting("Z", "2023-06-06"),
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("edge", EDGES)
def test_at_the_edges_there_is_a_number_with_limits_or_a_reason(edge):
    found = every(*laid_out(believed(EDGES[edge])))
    for figure in found:
        assert (figure.value is None) == (figure.why_not is not None), figure
        assert figure.why_not is None or figure.why_not in REASONS, figure
        assert not figure.method or figure.method in METHODS, figure.method
        assert set(figure.unmet) <= ASSUMPTIONS.keys()
        assert figure.role == "sensitivity"
        if figure.measure.endswith("_ratio") and edge in ("nobody", "five children", "no comparator",
                                                          "nobody referred", "no events"):  # fmt: skip
            assert figure.value is None, figure
    places = Counter((f.measure, f.group, f.cohort, f.outcome, f.days) for f in found)
    assert max(places.values()) == 1


def test_every_figure_may_leave(halved):
    kept = release(
        halved.values(), PUBLIC, body="b", quarter=Quarter(2024, 4), snapshot="s", plan="p",
        claim_quarter=Quarter(2024, 4), versions={}, made_on=date(2025, 5, 1),
    )  # fmt: skip
    assert len(kept.figures) == len(halved)
