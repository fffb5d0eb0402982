"""What may leave: numbers on their grids, nothing that points at one to seven children."""

from dataclasses import replace

import pytest

from evaluation.disclosure import INTERNAL, PUBLIC, sums
from evaluation.disclosure.relations import cell
from evaluation.errors import ReleaseRefused
from evaluation.nouns import Estimate
from tests.unit.disclosure.releasing import ARMS, numbers, released


@pytest.mark.parametrize(("children", "leaves"), [(0, 0), (8, 10), (12, 10), (13, 15), (212, 210)])
def test_counts_of_children_are_rounded_to_five(children, leaves):
    [figure] = released(Estimate("referrals", "waiting_now", children=children))
    assert figure.children == leaves
    assert figure.withheld is None


@pytest.mark.parametrize("children", range(1, 8))
def test_one_to_seven_children_are_withheld_with_the_reason_and_without_a_number(children):
    [figure] = released(Estimate("referrals", "waiting_now", children=children))
    assert figure.withheld == "few_children"
    assert numbers(figure) == (None,) * 6


def test_the_threshold_is_of_children_not_of_episodes():
    [figure] = released(
        Estimate("m", "episodes", "2024-05", unit="episodes", children=3, events=41, value=41)
    )
    assert figure.withheld == "few_children"


def test_a_monthly_series_is_rounded_and_nothing_may_be_said_of_nobody():
    full, empty = released(
        Estimate("m", "episodes", "2024-05", unit="episodes", children=31, events=43, value=43),
        Estimate("m", "episodes", "2024-06", unit="episodes", children=0, events=0, value=0),
    )
    assert (full.value, full.children) == (45, 30)
    assert (empty.value, empty.withheld) == (0, None)


def test_a_percentage_comes_from_rounded_counts_and_so_do_its_limits():
    [figure] = released(
        Estimate("r", "accepted", children=33, of=58, value=33 / 58, low=0.4412, high=0.6886)
    )
    assert (figure.children, figure.of) == (35, 60)
    assert figure.value == 0.58  # 35 of 60, where 33 of 58 would be 0.57
    assert (figure.low, figure.high) == (0.46, 0.7)  # Wilson's limits of 35 of 60, not of 33 of 58


def test_there_is_no_percentage_of_a_base_that_rounds_to_less_than_twenty():
    small, enough = released(
        Estimate("r", "accepted", children=8, of=17, value=8 / 17),
        Estimate("r", "contacted", children=9, of=18, value=9 / 18),
    )
    assert (small.children, small.of, small.value, small.why_not) == (10, 15, None, "small_base")
    assert enough.value == 0.5


@pytest.mark.parametrize(("children", "why"), [(0, "few_children"), (60, "complement")])
def test_none_or_all_is_withheld_like_a_few_or_all_but_a_few(children, why):
    """'0 of 60' reads as 0%: something about every child. The reason does not tell which it was."""
    [figure] = released(Estimate("r", "accepted", children=children, of=60, value=children / 60))
    assert (figure.withheld, numbers(figure)) == (why, (None,) * 6)


def test_all_of_a_base_by_definition_is_no_share():
    referred = Estimate("r", "referred", children=60, of=60, value=1.0)
    [figure] = released(referred, relations=[sums(cell(referred, "of"), cell(referred))])
    assert (figure.children, figure.of, figure.value) == (60, 60, None)


def test_a_count_without_a_base_may_be_none():
    [figure] = released(Estimate("r", "waiting_now", children=0))
    assert (figure.children, figure.withheld) == (0, None)


@pytest.mark.parametrize("rest", range(1, 8))
def test_a_part_is_withheld_with_a_rest_of_one_to_seven(rest):
    [figure] = released(Estimate("r", "accepted", children=60 - rest, of=60, value=1 - rest / 60))
    assert figure.withheld == "complement"
    assert numbers(figure) == (None,) * 6


@pytest.mark.parametrize("base", [8, 20, 40, 147])
@pytest.mark.parametrize("rest", range(1, 8))
@pytest.mark.parametrize("unit", ["children", "records"])
def test_no_share_of_all_but_one_to_seven_is_published(base, rest, unit):
    part = base - rest
    counts = {"children": part} if unit == "children" else {"children": base, "events": part}
    (figure,) = released(
        Estimate("op_encompass", "school_told", unit=unit, of=base, value=part / base, **counts)
    )
    assert figure.withheld in {"complement", "few_children"}
    assert numbers(figure) == (None,) * 6


def test_a_weighted_share_is_rounded_by_way_of_the_children_it_stands_for():
    share = Estimate("re_missing", "any_episode", "referred", cohort="discussed", days=182,
                     children=62, value=0.555, low=0.41, high=0.69)  # fmt: skip
    [figure] = released(share)
    assert (figure.value, figure.low, figure.high) == (0.58, 0.42, 0.67)  # 35, 25 and 40 of 60


def test_a_share_that_stands_for_a_few_children_is_withheld():
    few = Estimate("re_missing", "any_episode", "referred", children=62, value=0.08)
    but_few = Estimate("re_missing", "any_episode", "not_referred", children=62, value=0.92)
    assert [f.withheld for f in released(few, but_few)] == ["few_children", "complement"]


def test_a_weighted_share_is_withheld_where_few_children_had_no_event():
    share = Estimate("re_missing", "any_episode", "referred", children=62, events=57, value=0.8)
    assert [f.withheld for f in released(share)] == ["complement"]


def test_records_of_no_child_need_no_children():
    share = Estimate("c", "filled", "sessions.minutes", unit="records", of=40, value=0.5)
    assert [f.value for f in released(share)] == [0.5]


def curve(day, at_risk, survival, group="referred"):
    return Estimate("re_missing", "free_of_episodes", group, cohort="discussed", days=day,
                    children=at_risk, value=survival, low=survival, high=survival)  # fmt: skip


def test_a_survival_curve_is_coarse_and_is_cut_where_fewer_than_ten_are_at_risk():
    start, early, middle, late = released(
        curve(0, 62, 1.0), curve(14, 58, 0.95), curve(28, 41, 0.71), curve(42, 9, 0.2), around=ARMS
    )
    assert (start.children, start.value, start.why_not) == (60, None, "all_or_none")
    assert early.withheld == "complement"  # three children of 62 have had an episode
    assert (middle.children, middle.value) == (40, 0.75)  # 45 of 60
    assert late.withheld == "few_at_risk"
    assert numbers(late) == (None,) * 6


def test_the_curve_and_the_share_with_an_episode_add_up():
    for survival in (0.31, 0.45, 0.5, 0.62, 0.77):
        free, had = released(
            curve(182, 40, survival),
            replace(curve(182, 62, 1 - survival), measure="any_episode"),
            around=ARMS,
        )
        assert free.value + had.value == pytest.approx(1, abs=0.011)


def test_a_difference_does_not_give_a_withheld_share_away():
    """The other arm's share and the difference are the withheld one; so is a curve at that day."""

    def share(group, value, **others):
        return Estimate("re_missing", "any_episode", group, cohort="discussed", days=182,
                        children=62, value=value, **others)  # fmt: skip

    gap = replace(share("contrast", -0.4), measure="any_episode_difference")
    hidden, other, difference, point, before = released(
        share("referred", 0.08), share("not_referred", 0.48), gap,
        curve(182, 40, 0.85), curve(168, 42, 0.86), around=ARMS,
    )  # fmt: skip
    assert hidden.withheld == "few_children"
    assert (other.withheld, other.value) == (None, 0.5)
    assert (difference.withheld, numbers(difference)) == ("complement", (None,) * 6)
    assert (point.withheld, before.withheld) == ("complement", None)


def ratio(**changes):
    return replace(
        Estimate("re_missing", "rate_ratio", "contrast", cohort="discussed", outcome="re_missing",
                 days=182, unit="episodes", value=0.7849, low=0.6213, high=0.9961),
        **changes,
    )  # fmt: skip


def test_ratios_and_rates_have_two_significant_figures_and_hundredths_from_1_to_2():
    ratios, past_none, per_100 = released(
        ratio(),
        ratio(days=90, value=0.7849, low=0.6213, high=1.0261),
        ratio(measure="episodes_per_100_children", value=-34.49, low=-70.6, high=-0.512),
        around=ARMS,
    )
    assert (ratios.value, ratios.low, ratios.high) == (0.78, 0.62, 1.0)
    assert past_none.high == 1.03
    assert (per_100.value, per_100.low, per_100.high) == (-34, -71, -0.51)


def test_a_comparison_with_a_small_arm_is_withheld():
    small = (ARMS[0], replace(ARMS[1], children=6))
    assert released(ratio(), around=small)[0].withheld == "small_arm"


def test_a_comparison_is_withheld_where_few_children_had_an_arm_s_events():
    rate = Estimate("re_missing", "episodes_per_100_child_days", "referred", cohort="discussed",
                    outcome="re_missing", days=182, unit="episodes", children=62, events=40,
                    with_events=5, value=0.4)  # fmt: skip
    rates, ratios = released(rate, ratio(), around=ARMS)
    assert rates.withheld == "few_children"
    assert ratios.withheld == "small_arm"


def test_what_both_arms_add_up_to_does_not_give_a_small_arm_away():
    """65 children in both arms and 60 in one would leave 1 to 9, though nothing was estimated."""
    untold = dict.fromkeys(("value", "low", "high")) | {"why_not": "too_few_children"}
    rate = Estimate("re_missing", "episodes_per_100_child_days", "referred", cohort="discussed",
                    outcome="re_missing", days=182, children=5, why_not="too_few_children")  # fmt: skip
    small, both = released(rate, ratio(children=65, events=80, **untold), around=ARMS)
    assert small.withheld == "few_children"
    assert (both.withheld, numbers(both)) == ("small_arm", (None,) * 6)
    nobody = (ARMS[0], replace(ARMS[1], children=0))
    [alone] = released(ratio(children=62, **untold | {"why_not": "no_comparison"}), around=nobody)
    assert (alone.withheld, alone.children) == (None, 60)


def test_a_curve_that_is_cut_cuts_the_shares_of_later_days():
    def share(group, days):
        return Estimate("re_missing", "any_episode", group, cohort="discussed", days=days,
                        children=62, value=0.5)  # fmt: skip

    _cut, earlier, later, other, difference = released(
        curve(336, 9, 0.5), share("referred", 182), share("referred", 365),
        share("not_referred", 365),
        replace(share("contrast", 365), measure="any_episode_difference", value=0.0),
        around=ARMS,
    )  # fmt: skip
    assert (earlier.withheld, later.withheld, other.withheld) == (None, "complement", None)
    assert difference.withheld == "complement"


def test_a_small_reason_in_the_flow_withholds_itself_and_not_the_comparison():
    flow = Estimate("re_missing", "flow", "no_history", cohort="discussed", children=3)
    steps, ratios = released(flow, ratio(outcome=None, days=None), around=ARMS)
    assert steps.withheld == "few_children"
    assert ratios.withheld is None


def test_a_plain_rate_comes_from_rounded_counts():
    """Rate, days and children would give the events exactly: 20 of 300 in 30 days."""
    rates = {
        released(
            Estimate(
                "m",
                "episodes_per_100_child_days",
                "2024-05",
                children=300,
                events=events,
                value=100 * events / 9000,
            )
        )[0].value
        for events in range(18, 23)
    }
    assert rates == {0.22}


def test_a_median_is_no_one_child_s_own_number():
    short, long = (
        released(Estimate("w", "median_wait_days", children=40, of=60, value=value))[0].value
        for value in (6.4, 23.0)
    )
    assert (short, long) == (6.0, 25.0)


def test_a_chart_s_limits_do_not_tell_how_many_records_they_are_for():
    def limits(of):
        half = 3 * (0.8 * 0.2 / of) ** 0.5
        return Estimate("e", "school_told_limits", "W1", unit="records", children=20, of=of,
                        value=0.8, low=0.8 - half, high=min(1.0, 0.8 + half))  # fmt: skip

    said = {numbers(released(limits(of))[0]) for of in range(28, 33)}
    assert said == {(20, 30, None, 0.8, 0.58, 1.0)}


def test_returns_are_not_about_children_and_are_exact():
    here, absent = released(
        Estimate("c", "arrived", "st_giles/referrals/2024Q4", unit="returns", value=1.0),
        Estimate("c", "arrived", "st_giles/referrals/2024Q3", unit="returns", value=0.0),
    )
    assert (here.value, absent.value) == (1.0, 0.0)


def test_what_is_withheld_says_nothing_that_hangs_on_its_counts():
    """'No events' would say that its base is none; a method, that it was large enough for one."""
    said, small = released(
        ratio(value=None, low=None, high=None, why_not="no_comparison", children=62),
        ratio(days=90, value=None, low=None, high=None, why_not="no_events", children=3,
              method="cox", unmet=("few_events",)),
    )  # fmt: skip
    assert (said.withheld, said.why_not, said.children) == (None, "no_comparison", 60)
    assert (small.withheld, small.why_not, small.method, small.unmet, small.children) == (
        "few_children", None, "", (), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (Estimate("r", "median_days", children=40, value=23.0), "how the figure r/median_days"),
        (Estimate("r", "rate_ratio", "contrast", value=0.5), "how many children"),
        (ratio(value=float("nan")), "not a number"),
        (ratio(high=float("inf")), "not a number"),
    ],
)
def test_what_nobody_has_said_how_to_round_does_not_leave(wrong, words):
    with pytest.raises(ReleaseRefused, match=words):
        released(wrong)


def test_two_figures_do_not_claim_one_place():
    with pytest.raises(ReleaseRefused, match="2 figures claim one place"):
        released(ratio(), ratio(value=0.9), around=ARMS)


def test_the_internal_profile_tells_exact_counts_0_and_100_per_cent_and_is_watermarked():
    few, nobody, all_filled = released(
        Estimate("r", "accepted", children=3, of=7, value=3 / 7),
        Estimate("r", "contacted", children=0, of=7, value=0.0),
        Estimate("c", "filled", "children.sex", unit="records", children=7, of=9, value=1.0),
        policy=INTERNAL,
    )
    assert (few.withheld, few.children, few.of, few.value) == (None, 3, 7, 0.43)
    assert (nobody.value, all_filled.value) == (0.0, 1.0)
    assert INTERNAL.watermarked
    assert not PUBLIC.watermarked


def test_the_internal_profile_may_have_a_threshold_of_its_own():
    own = replace(INTERNAL, fewest_children=5, base=5)
    four, five = released(
        Estimate("r", "waiting_now", children=4), Estimate("r", "open_now", children=6), policy=own
    )
    assert (four.withheld, five.children) == ("few_children", 5)
