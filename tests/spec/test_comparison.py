"""The comparison: what is known beforehand comes out, and what cannot be known says why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analyses.plan import read_plan
from analyses.quarterly import estimates
from evaluation.disclosure import PUBLIC, release
from evaluation.wording import ASSUMPTIONS, LEVELS, METHODS, REASONS
from tests.unit.analyses.making import (
    COLUMNS,
    PROVIDERS,
    away,
    believed,
    child,
    episode,
    episodes,
    meeting,
)

PLAN = replace(read_plan(), bootstrap_replicates=99)
BEFORE = ("2023-05-20 2023-05-25 2023-06-01", "2023-03-01 2023-05-20 2023-05-30 2023-06-03")
"""Two kinds of history; every arm below has as many children of each."""


MORE = (0, 1, 1, 6)
"""Children differ: of four pairs one never goes missing again, and one much more than the rest."""


def twins(pairs: int, *, referred: int = 0, not_referred: int = 0, arms="01"):
    """Pairs of like children, one of each arm, who go missing again so many times (by MORE)."""
    for number in range(pairs):
        for arm in arms:
            key = f"{number:03}-{arm}"
            times = (not_referred, referred)[int(arm)] * MORE[number % 4]
            again = [f"{date(2023, 7, 1) + timedelta(days=4 * time)}" for time in range(times)]
            decision = ("no_referral", "refer_st_giles")[int(arm)]
            yield from child(key, ("2010-02", "2008-11", "2011-07")[number % 3])
            yield from episodes(key, f"{BEFORE[number % 2]} {' '.join(again)}")
            yield from meeting(key, "2023-06-06", decision)


def figures(*rows, plan=PLAN, **returns):
    told = estimates(believed(*rows, **returns), plan, PROVIDERS, registered=plan)
    return {
        (f.measure, f.group, f.days): f
        for f in told
        if f.section == "re_missing" and f.cohort != "referred_now"
    }


@pytest.fixture(scope="module")
def halved():
    return figures(twins(40, referred=1, not_referred=2))


def test_where_like_children_have_half_the_episodes_the_ratio_is_a_half(halved):
    ratio = halved["rate_ratio", "contrast", 182]
    # The quotient of the rates is a half; what chance adds to it with so few is taken off.
    assert ratio.value == pytest.approx(0.5, abs=0.001)
    assert ratio.low <= ratio.value <= ratio.high < 1
    assert (ratio.role, ratio.design_level, ratio.children, ratio.events) == ("primary", 3, 80, 240)
    assert halved["episodes_per_100_children", "contrast", 182].value == pytest.approx(-200)
    assert halved["unadjusted_rate_ratio", "contrast", 182].role == "sensitivity"
    rates = [
        halved["episodes_per_100_child_days", arm, 90].value for arm in ("referred", "not_referred")
    ]
    assert rates == pytest.approx([200 / 90, 400 / 90], rel=1e-6)


def test_the_other_windows_are_secondary(halved):
    assert {
        f.role
        for (measure, _, days), f in halved.items()
        if measure == "rate_ratio" and days != 182
    } == {"secondary"}


def test_what_could_be_seen_is_told_before_what_was_seen(halved):
    order = list(halved)
    for days in PLAN.windows_days:
        before = order.index(("minimum_detectable_rate_ratio", "contrast", days))
        assert before < order.index(("rate_ratio", "contrast", days))
    told = halved["minimum_detectable_rate_ratio", "contrast", 182]
    assert told.low == pytest.approx(1 / told.high)
    assert told.value == told.low < 1


def test_the_curves_start_at_all_and_agree_with_the_share_that_had_any(halved):
    for arm in ("referred", "not_referred"):
        assert halved["free_of_episodes", arm, 0].value == 1
        assert halved["free_of_episodes", arm, 182].value == pytest.approx(
            1 - halved["any_episode", arm, 182].value
        )
        assert halved["free_of_episodes", arm, 182].value == pytest.approx(0.25)
        assert halved["free_of_episodes", arm, 28].events == 30
    days = [
        days for measure, arm, days in halved if (measure, arm) == ("free_of_episodes", "referred")
    ]
    assert days == list(range(0, 366, 14))
    assert halved["any_episode_difference", "contrast", 182].value == pytest.approx(0)


def test_like_children_are_balanced_and_every_figure_bears_what_cannot_be_known(halved):
    assert halved["largest_imbalance_after", "contrast", 182].value == pytest.approx(0, abs=1e-6)
    assert halved["effective_children", "not_referred", 182].value == pytest.approx(40)
    assert halved["rate_ratio", "contrast", 182].unmet == ("unmeasured_confounding",)


@pytest.mark.parametrize("not_sent", ["away_spells", "away_spells/2023Q3"])
def test_while_a_return_of_time_away_is_lacking_the_figures_say_so(not_sent):
    small = replace(PLAN, bootstrap_replicates=19)
    told = figures(twins(30, referred=1, not_referred=2), plan=small, not_sent=not_sent)
    assert "time_away_not_removed" in told["rate_ratio", "contrast", 182].unmet


@pytest.mark.parametrize("form", ["meeting_decisions", "st_giles_referrals"])
def test_a_gap_in_the_returns_that_tell_the_arms_is_stamped(form):
    small = replace(PLAN, bootstrap_replicates=19)
    told = figures(twins(30, referred=1, not_referred=2), plan=small, not_sent=f"{form}/2024Q1")
    assert "returns_missing" in told["rate_ratio", "contrast", 182].unmet


def test_a_change_of_the_recording_definition_is_stamped():
    small = replace(PLAN, bootstrap_replicates=19)
    later = episode("000-0", "2023-11-11", definition="local")
    told = figures(twins(30, referred=1, not_referred=2), later, plan=small)
    assert "definition_changed" in told["rate_ratio", "contrast", 182].unmet


def test_what_few_children_leave_no_room_to_adjust_for_is_stamped():
    crowded = replace(PLAN, bootstrap_replicates=19, events_per_parameter=29)
    told = figures(twins(30, referred=1, not_referred=2), plan=crowded)
    for measure in ("rate_ratio", "negative_binomial_rate_ratio", "any_episode_difference"):
        assert "covariates_left_out" in told[measure, "contrast", 182].unmet


def test_days_away_are_not_days_at_risk():
    small = replace(PLAN, bootstrap_replicates=19)
    spells = [row for n in range(30) for row in away(f"{n:03}-1", "2023-08-01", "2023-08-20")]
    told = figures(twins(30, referred=0, not_referred=2), spells, plan=small)
    assert told["days_not_at_risk", "referred", 182].value == pytest.approx(18 / 182)
    assert told["days_not_at_risk", "not_referred", 182].value == 0


def test_flow_arms_and_days_removed_are_counted(halved):
    flow = {group: f.children for (measure, group, _), f in halved.items() if measure == "flow"}
    assert (flow["discussed"], flow["referred"], flow["not_referred"]) == (80, 40, 40)
    assert halved["children", "referred", None].children == 40
    assert halved["days_not_at_risk", "referred", 90].value == 0


def test_the_same_snapshot_and_plan_give_the_same_figures_and_progress_rises_to_the_end():
    told = []
    small = replace(PLAN, bootstrap_replicates=19)
    rows = believed(twins(30, referred=1, not_referred=2))
    first = estimates(rows, small, PROVIDERS, progress=lambda done, of: told.append(done / of))
    assert estimates(rows, small, PROVIDERS) == first
    assert told == sorted(told)
    assert told[-1] == 1


def test_crossing_over_is_a_share_of_the_comparison_children_and_is_stamped():
    later = meeting("000-0", "2023-09-05", "refer_st_giles") + meeting(
        "001-0", "2024-03-05", "refer_st_giles"
    )
    told = figures(twins(30, referred=1, not_referred=1), later)
    crossed = told["crossed_over", "not_referred", 182]
    assert (crossed.children, crossed.of) == (1, 30)  # the other came after 182 days
    assert "crossing_over" in told["rate_ratio", "contrast", 182].unmet


# ---- What cannot be estimated ---------------------------------------------------------------------


HEADLINES = ("rate_ratio", "episodes_per_100_children", "unadjusted_rate_ratio",
             "negative_binomial_rate_ratio", "any_episode_difference")  # fmt: skip


def reasons(told):
    """Why each headline has no value; a headline that has one fails."""
    headlines = [f for f in told.values() if f.measure in HEADLINES]
    assert len(headlines) == len(HEADLINES) * len(PLAN.windows_days)
    assert {(f.value, f.low, f.high) for f in headlines} == {(None, None, None)}
    assert not [key for key in told if key[0] == "free_of_episodes" and told[key].value is not None]
    return {f.why_not for f in headlines}


@pytest.mark.parametrize(
    ("rows", "returns", "why_not"),
    [
        pytest.param(twins(40, referred=1, arms="1"), {}, "no_comparison", id="everyone-referred"),
        pytest.param(twins(40, not_referred=1, arms="0"), {}, "no_comparison", id="nobody-referred"),
        pytest.param(twins(29, referred=1, not_referred=1), {}, "too_few_children", id="29-pairs"),
        pytest.param(twins(1, referred=1, arms="1"), {}, "no_comparison", id="one-child"),
        pytest.param(twins(30), {}, "no_events", id="nobody-goes-missing-again"),
        pytest.param((), {}, "no_follow_up", id="nobody-discussed"),
        pytest.param(twins(30, referred=1), {"not_sent": "missing_episodes"}, "no_return", id="no-episodes-return"),
        pytest.param(twins(30, referred=1), {"not_sent": "st_giles_referrals"}, "no_return", id="no-referrals-return"),
        pytest.param(twins(30, referred=1), {"not_sent": "meeting_decisions"}, "no_return", id="no-meetings-return"),
        pytest.param(twins(30, referred=1), {"not_sent": "children"}, "no_return", id="no-childrens-return"),
    ],
)  # fmt: skip
def test_an_edge_cohort_gives_a_reason_and_never_a_number(rows, returns, why_not):
    assert reasons(figures(rows, **returns)) == {why_not}


def test_one_arm_without_events_has_no_ratio():
    told = figures(twins(30, not_referred=1))
    ratio = told["rate_ratio", "contrast", 182]
    assert (ratio.value, ratio.why_not) == (None, "no_events")
    assert told["episodes_per_100_child_days", "referred", 182].why_not == "no_events"
    assert told["episodes_per_100_child_days", "not_referred", 182].value > 0


def test_a_window_that_nobody_has_behind_them_has_no_figures_though_shorter_ones_do():
    told = figures(twins(30, referred=1, not_referred=2), quarter="2023Q2")
    assert told["rate_ratio", "contrast", 90].value is not None
    assert told["rate_ratio", "contrast", 182].why_not == "no_follow_up"
    assert told["any_episode_difference", "contrast", 182].why_not == "too_few_children"


def test_an_arm_without_children_has_no_days_to_tell_of_and_says_why():
    told = figures(twins(30, arms="1"))["days_not_at_risk", "not_referred", 182]
    assert (told.children, told.value, told.why_not) == (0, None, "no_follow_up")


def test_follow_up_that_stops_with_the_returns_is_not_taken_for_quiet_days():
    told = figures(twins(30, referred=1, not_referred=1), not_sent="missing_episodes/2023Q3")
    assert told["rate_ratio", "contrast", 90].value is not None
    assert told["rate_ratio", "contrast", 182].why_not == "no_follow_up"


# ---- What leaves ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "snapshot",
    [
        pytest.param(believed(twins(30, referred=1, not_referred=2)), id="a-comparison"),
        pytest.param(believed(twins(3, referred=1, not_referred=2)), id="few-children"),
        pytest.param(believed(), id="nil-returns"),
        pytest.param(believed(not_sent=" ".join(COLUMNS)), id="no-returns"),
    ],
)
def test_every_figure_can_leave_and_every_code_has_words(snapshot):
    told = estimates(snapshot, replace(PLAN, bootstrap_replicates=19), PROVIDERS)
    released = release(
        told, PUBLIC, body="gwent", quarter=snapshot.quarter, snapshot="S1", plan=PLAN.hash,
        claim_quarter=PLAN.claim_quarter, versions={}, made_on=date(2025, 4, 20),
    )  # fmt: skip
    assert len(released.figures) == len(told)
    assert {code for figure in told for code in figure.unmet} <= ASSUMPTIONS.keys()
    assert {figure.why_not for figure in told if figure.why_not} <= REASONS.keys()
    assert {figure.method for figure in told if figure.method} <= METHODS.keys()
    assert {figure.design_level for figure in told if figure.design_level} <= LEVELS.keys()
    assert not [figure for figure in told if figure.why_not and figure.value is not None]
