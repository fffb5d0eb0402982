"""A series as a chart: phases, gaps, what is withheld, and marks that agree with what is seen."""

from datetime import date

import pandas as pd
import pytest

from analyses.monitoring import SERIES, charted
from evaluation.disclosure import PUBLIC, release
from evaluation.language import Text
from evaluation.nouns import DatedEvent, Estimate
from evaluation.quarters import Quarter
from evaluation.wording import REASONS

EPISODES = SERIES["episodes"]


def series(values, first="2024-01", *, changed=(), **why):
    """Episodes of consecutive months; None is a month whose return has not come."""
    months = [str(each) for each in pd.period_range(first, periods=len(values), freq="M")]
    return [
        Estimate(
            "monitoring", "episodes", month, outcome="re_missing", unit="episodes",
            children=None if value is None else 40, events=value, value=value,
            unmet=("definition_changed",) if month in changed else (),
            why_not="no_return" if value is None else None,
        )
        for month, value in zip(months, values, strict=True)
    ]  # fmt: skip


def event(on, kind, *about):
    return DatedEvent(date.fromisoformat(on), kind, Text("It"), about)


def test_centre_and_limits_by_hand():
    found = charted(series([50, 54, 50, 54, 50, 54, 50, 54]), EPISODES)
    point = found.points.iloc[0]
    # The mean is 52; months differ by 4; 2.66 times 4 is 10.64.
    assert (point["centre"], point["low"], point["high"]) == pytest.approx((52, 41.36, 62.64))
    assert set(found.points["variation"]) == {"common_cause"}
    assert (found.variation, found.assurance) == ("common_cause", None)


def test_a_target_is_met_always_never_or_now_and_then():
    steady = series([50, 54, 50, 54, 50, 54, 50, 54])
    assert charted(steady, EPISODES, target=70).assurance == "pass"
    assert charted(steady, EPISODES, target=30).assurance == "fail"
    assert charted(steady, EPISODES, target=50).assurance == "hit_or_miss"


def test_the_better_side_decides_between_improvement_and_concern():
    found = charted(series([50, 54] * 6 + [100, 4]), EPISODES)
    assert found.points["variation"].tolist()[-2:] == ["concern", "improvement"]
    made = [
        Estimate("monitoring", "referrals_made", f.group, "st_giles", unit="records",
                 children=f.children, events=f.events, value=f.value)
        for f in series([50, 54] * 6 + [100, 4])
    ]  # fmt: skip
    assert charted(made, SERIES["st_giles_referrals_made"]).variation == "special_cause"


def test_limits_begin_anew_with_a_definition_and_with_nothing_else():
    values = [50, 54] * 4 + [20, 24] * 4
    as_one = charted(series(values), EPISODES)
    assert set(as_one.points["phase"]) == {1}
    assert "concern" in set(as_one.points["variation"])
    stamped = charted(series(values, changed=["2024-09"]), EPISODES)
    named = charted(
        series(values), EPISODES, events=[event("2024-09-12", "definition", "missing_episodes")]
    )
    for found in (stamped, named):
        assert found.points["phase"].tolist() == [1] * 8 + [2] * 8
        assert found.points["centre"].tolist() == [52.0] * 8 + [22.0] * 8
        assert set(found.points["variation"]) == {"common_cause"}
    marked = charted(series(values), EPISODES, events=[event("2024-09-12", "review")])
    assert set(marked.points["phase"]) == {1}
    assert [month for month, _event in marked.events] == ["2024-09"]


def test_events_of_other_measures_and_other_years_are_not_shown():
    found = charted(
        series([50, 54] * 4),
        EPISODES,
        events=[
            event("2024-03-01", "definition", "op_encompass"),
            event("2023-12-31", "definition", "episodes"),
            event("2024-09-01", "staffing", "monitoring"),
        ],
    )
    assert found.events == ()
    assert set(found.points["phase"]) == {1}


def test_no_run_crosses_a_month_whose_return_has_not_come():
    low, high = [50, 52, 48, 50, 52], [60, 62, 58, 60, 62]
    joined = charted(series([*low, *high, 61, 60, *low]), EPISODES)
    assert "shift" in joined.points["marks"].loc["2024-12"]
    parted = charted(series([*low, *high[:4], None, *high[:3], *low]), EPISODES)
    assert not parted.points["marks"].str.contains("shift").any()
    gap = parted.points.loc["2024-10"]
    assert (gap["why_not"], gap["marks"], gap["variation"]) == ("no_return", "", "")
    assert gap["centre"] == parted.points["centre"].iloc[0]  # the limits go on over it


def test_a_month_that_no_figure_tells_of_is_a_gap_too():
    told = series([50, 54] * 5)
    found = charted(told[:4] + told[5:], EPISODES)
    assert found.points.loc["2024-05", "why_not"] == "no_return"
    assert len(found.points) == 10


def test_few_months_and_a_last_month_without_a_value_say_nothing():
    found = charted(series([50, 54] * 3 + [54]), EPISODES)
    assert set(found.points["why_no_limits"]) == {"few_months"}
    assert (found.variation, found.assurance) == (None, None)
    assert charted(series([50, 54] * 4 + [None]), EPISODES).variation is None
    assert charted([], EPISODES).variation is None
    assert charted(series([None] * 12), EPISODES).points["centre"].isna().all()
    assert {"few_months", "months_withheld"} <= REASONS.keys()


def released(told):
    return release(
        told, PUBLIC, body="b", quarter=Quarter(2025, 3), snapshot="S1", plan="p",
        claim_quarter=None, versions={}, made_on=date(2026, 1, 30),
    ).figures  # fmt: skip


def test_limits_from_a_release_are_those_of_the_numbers_that_are_seen():
    exact = series([51, 53, 52, 57, 48, 51, 54, 52, 49])
    seen = charted(released(exact), EPISODES)
    assert seen.points["value"].tolist() == [50, 55, 50, 55, 50, 50, 55, 50, 50]
    again = charted(series([int(value) for value in seen.points["value"]]), EPISODES)
    pd.testing.assert_frame_equal(seen.points, again.points)


def test_where_small_months_are_withheld_the_large_ones_alone_give_no_limits():
    few = [5 if place in {3, 7} else 40 for place in range(12)]
    told = [
        Estimate("monitoring", "episodes", f.group, outcome="re_missing", unit="episodes",
                 children=f.events, events=f.events, value=f.value)
        for f in series(few)
    ]  # fmt: skip
    seen = charted(released(told), EPISODES)
    assert set(seen.points["why_no_limits"]) == {"months_withheld"}
    assert seen.points["why_not"].tolist().count("few_children") == 2
    assert set(seen.points["variation"]) == {""}
    assert charted(told, EPISODES).points["why_no_limits"].eq("").all()


def test_shares_and_rates_stand_on_their_own_denominators():
    months = [str(each) for each in pd.period_range("2023-01", periods=8, freq="M")]
    share = [
        Estimate("monitoring", "share_missing", month, outcome="re_missing", children=part, of=of,
                 value=part / of)
        for month, part, of in zip(months, [20] * 7 + [60], [200] * 7 + [600], strict=True)
    ]  # fmt: skip
    points = charted(share, SERIES["share_missing"]).points
    assert points["centre"].iloc[0] == pytest.approx(0.1)
    reach = 3 * (0.1 * 0.9 / 600) ** 0.5
    assert points["high"].iloc[-1] == pytest.approx(0.1 + reach)
    rate = [
        Estimate("monitoring", "episodes_per_100_child_days", month, outcome="re_missing",
                 children=100, events=31, value=1.0)
        for month in months
    ]  # fmt: skip
    points = charted(rate, SERIES["episodes_per_100_child_days"]).points
    assert points["value"].iloc[0] == pytest.approx(1.0)  # January has 31 days
    assert points["value"].iloc[1] == pytest.approx(100 * 31 / (100 * 28))


def test_a_share_of_all_or_none_is_held_back_and_the_rest_draws_no_limits():
    months = [str(each) for each in pd.period_range("2023-01", periods=9, freq="M")]
    share = [
        Estimate("monitoring", "share_missing", month, outcome="re_missing", children=part, of=200,
                 value=part / 200)
        for month, part in zip(months, [20] * 8 + [0], strict=True)
    ]  # fmt: skip
    seen = charted(released(share), SERIES["share_missing"])
    assert seen.points["why_not"].iloc[-1] == "few_children"
    assert set(seen.points["why_no_limits"]) == {"months_withheld"}
