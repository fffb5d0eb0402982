"""The invented world against what is known of children who go missing.

Sources: section 3 of the domain brief. Over half of first repeats came within four weeks; 6% of
children made a third of incidents; planning values of 2.4 episodes in 182 days and dispersion 2;
a useless service seen before and after its referrals 'fell' by 42% to 68%.
"""

import numpy as np
import pandas as pd
import pytest

from analyses.invented.children import draw_children
from analyses.invented.process import live
from analyses.invented.truth import counted, marginal_rate_ratio
from analyses.invented.world import HISTORY_DAYS, NEVER, QUARTERS, Days, World

pytestmark = pytest.mark.slow

DAYS = Days.of(QUARTERS)


@pytest.fixture(scope="module")
def children():
    return draw_children(60_000, World(), DAYS, seed=(21,))


@pytest.fixture(scope="module")
def lives(children):
    return live(children, World(effect=1.0), DAYS, seed=(21,))


@pytest.fixture(scope="module")
def year(lives):
    """The episodes of one year, in order within each child."""
    episodes = lives.episodes[lives.episodes["day"].between(HISTORY_DAYS, 2 * HISTORY_DAYS - 1)]
    return episodes.sort_values(["child", "day"])


@pytest.fixture(scope="module")
def cohort(children, lives):
    """Children who met the trigger, with their first 182 days complete."""
    starts = lives.starts.join(children[["arrives", "leaves", "turns"]], on="child")
    kept = (
        ~starts["decision"].isin(["already_referred", "elsewhere"])
        & (starts["day"] - starts["arrives"] >= HISTORY_DAYS)
        & (starts["day"] + 182 < DAYS.days)
    )
    starts = starts[kept].reset_index(drop=True)
    last = np.minimum(starts["turns"], np.minimum(starts["leaves"] - 1, DAYS.days - 1))
    return starts.assign(last=last).join(counted(lives, starts.assign(last=last), days=182))


def test_over_half_of_first_repeats_come_within_four_weeks(year):
    first, second = (year.groupby("child")["day"].nth(place) for place in (0, 1))
    gaps = (
        second.to_frame().join(year["child"]).set_index("child")["day"]
        - first.to_frame().join(year["child"]).set_index("child")["day"]
    ).dropna()
    assert 0.5 < (gaps <= 28).mean() < 0.85


def test_six_in_a_hundred_children_make_about_a_third_of_the_episodes(year):
    counts = year["child"].value_counts()
    assert 0.25 < counts.head(round(0.06 * len(counts))).sum() / len(year) < 0.40


def test_children_who_met_the_trigger_vary_as_the_plan_assumes(cohort):
    mean, variance = cohort["events"].mean(), cohort["events"].var()
    assert 2.0 < mean < 2.8
    assert 1.4 < (variance - mean) / mean**2 < 2.4


def test_neither_arm_is_small_and_a_third_to_a_half_cross_over(cohort, lives, children):
    referred = cohort["decision"] == "referred"
    assert 0.4 < referred.mean() < 0.6
    referred_on = lives.referrals.set_index("child")["day"].reindex(
        children.index, fill_value=NEVER
    )
    waiting = cohort[~referred]
    later = referred_on[waiting["child"]].to_numpy() - waiting["day"].to_numpy()
    assert 0.3 < (later <= 182).mean() < 0.5


def test_a_useless_service_seems_to_halve_the_episodes_of_those_it_takes(lives):
    referred = lives.referrals[
        lives.referrals["by_meeting"] & (lives.referrals["day"] + 90 < DAYS.days)
    ]
    both = referred.merge(lives.episodes[["child", "day"]], on="child", suffixes=("_of", ""))
    since = both["day"] - both["day_of"]
    before, after = since.between(-90, -1), since.between(1, 90)
    assert 0.32 < after.sum() / before.sum() < 0.58
    each = pd.DataFrame({"child": both["child"], "before": before, "after": after})
    each = each.groupby("child").sum()
    assert 0.7 < (each["after"] < each["before"]).mean() < 0.92


def test_the_truth_of_the_default_effect_is_diluted_by_crossing_over():
    truth = marginal_rate_ratio(World().effect, days=182, children=100_000, seed=1)
    assert 0.70 < truth.ratio < 0.85
    assert truth.monte_carlo_error < 0.03
    assert truth.children > 1_000
