"""What must hold in the invented world whatever the seed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analyses.invented.children import draw_children
from analyses.invented.process import live
from analyses.invented.world import NEVER, QUARTERS, Days, World

DAYS = Days.of(QUARTERS)
# More readily missing than the default, so that a small world holds much.
WORLD = World(effect=0.5, episodes_per_year=0.5)
SEED = (11,)


@pytest.fixture(scope="module")
def children():
    return draw_children(1_500, WORLD, DAYS, seed=SEED)


@pytest.fixture(scope="module")
def lives(children):
    return live(children, WORLD, DAYS, seed=SEED)


def before(lives, last_day):
    """The episodes of each child up to a day of its own."""
    episodes = lives.episodes
    kept = episodes[episodes["day"] <= last_day[episodes["child"]]]
    return kept.sort_values(["child", "day"], ignore_index=True)


def first_referral(lives, children):
    return (
        lives.referrals.set_index("child")["day"]
        .reindex(children.index, fill_value=NEVER)
        .to_numpy()
    )


def test_the_same_seed_gives_the_same_lives_and_another_seed_others(children, lives):
    again = live(children, WORLD, DAYS, seed=SEED)
    for table in ("episodes", "decisions", "referrals", "starts"):
        assert_frame_equal(getattr(lives, table), getattr(again, table))
    assert not lives.episodes.equals(live(children, WORLD, DAYS, seed=(12,)).episodes)


def test_the_effect_changes_nothing_up_to_the_day_of_referral(children, lives):
    useless = live(children, replace(WORLD, effect=1.0), DAYS, seed=SEED)
    referred_on = first_referral(lives, children)
    assert (referred_on == first_referral(useless, children)).all()
    assert_frame_equal(before(lives, referred_on), before(useless, referred_on))
    assert len(lives.episodes) < len(useless.episodes)


def test_withholding_changes_nothing_before_time_zero_and_refers_nobody_there(children, lives):
    withheld = live(children, WORLD, DAYS, seed=SEED, withhold=True)
    assert_frame_equal(withheld.starts[["child", "day"]], lives.starts[["child", "day"]])
    assert (
        (withheld.starts["decision"] == "withheld").sum()
        == (lives.starts["decision"] == "referred").sum()
        > 50
    )
    assert not (withheld.starts["decision"] == "referred").any()
    zero = lives.starts.set_index("child")["day"].reindex(children.index, fill_value=NEVER)
    assert_frame_equal(before(lives, zero.to_numpy()), before(withheld, zero.to_numpy()))


def test_nobody_goes_missing_while_missing_or_not_here(children, lives):
    episodes = lives.episodes.sort_values(["child", "day"]).join(children, on="child")
    assert (episodes["day"] >= episodes["arrives"]).all()
    assert (episodes["day"] <= episodes["turns"]).all()
    assert (episodes["day"] < episodes["leaves"]).all()
    again = episodes["child"].eq(episodes["child"].shift())
    assert (episodes["day"] > episodes["back"].shift())[again].all()
    away = (episodes["back"] - episodes["day"]) * 1440 + episodes["back_minute"]
    away -= episodes["minute"]
    assert away.between(75, 25 * 1440).all()


def test_the_meeting_discusses_those_reported_in_the_week_before(lives):
    discussed = lives.decisions[["child", "day"]].rename(columns={"day": "met"})
    assert discussed["met"].isin(DAYS.meetings).all()
    episodes = lives.episodes[["child", "day"]]
    pairs = discussed.merge(episodes, on="child").query("0 < met - day <= 7")
    told = pairs[["child", "met"]].drop_duplicates()
    assert len(told) == len(discussed)


def test_time_zero_is_the_first_meeting_with_three_episodes_in_the_90_days_before(lives):
    pairs = lives.decisions.merge(lives.episodes, on="child", suffixes=("", "_of_episode"))
    recent = pairs[(pairs["day"] - pairs["day_of_episode"]).between(1, 90)]
    counts = recent.groupby(["child", "day"]).size()
    by_hand = counts[counts >= 3].reset_index().groupby("child")["day"].min()
    starts = lives.starts.set_index("child")["day"].sort_index()
    pd.testing.assert_series_equal(starts, by_hand, check_names=False)


def test_a_referral_is_made_once_and_noted_afterwards(children, lives):
    assert lives.referrals["child"].is_unique
    met = lives.decisions.join(
        lives.referrals.set_index("child")["day"], on="child", suffixes=("", "_of")
    )
    later = met["day"] > met["day_of"]
    assert (met.loc[later, "decision"] == "already_referred").all()
    assert not (met.loc[~later, "decision"] == "already_referred").any()


def test_without_a_free_place_nobody_is_referred_by_the_meeting(children):
    full = live(children, replace(WORLD, place_free=0.0), DAYS, seed=SEED)
    assert not full.referrals["by_meeting"].any()
    assert (full.decisions["decision"] == "no_capacity").any()


def test_more_risk_after_an_episode_makes_repeats_come_sooner(children, lives):
    def soon(lives):
        days = lives.episodes.sort_values(["child", "day"])
        gaps = days.groupby("child")["day"].diff().dropna()
        return np.mean(gaps <= 28)

    even = live(children, replace(WORLD, after_episode=1.0), DAYS, seed=SEED)
    assert soon(lives) > soon(even) + 0.2


def test_another_service_acts_from_the_day_after_its_referral_and_only_on_those_sent_there(
    children, lives
):
    helped = live(children, replace(WORLD, elsewhere_effect=0.2), DAYS, seed=SEED)
    sent = lives.decisions[lives.decisions["decision"] == "elsewhere"].groupby("child")["day"].min()
    assert len(sent) > 20
    until = sent.reindex(children.index, fill_value=NEVER).to_numpy()
    assert_frame_equal(before(helped, until), before(lives, until))
    after = [
        (each.episodes["day"] > until[each.episodes["child"]]).sum() for each in (helped, lives)
    ]
    assert after[0] < 0.6 * after[1]
