"""What else is invented: time away, assessments, incidents, schools and Positive Futures."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from analyses.invented import assessments, away, encompass, futures, police, schools, service
from analyses.invented.area import GWENT
from analyses.invented.children import draw_children
from analyses.invented.process import live
from analyses.invented.world import HISTORY_DAYS, QUARTERS, Days, World
from schemas.school_closures import academic_year

DAYS = Days.of(QUARTERS)
WORLD = World(episodes_per_year=0.5)


def rng(seed=1):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def children():
    return draw_children(6_000, WORLD, DAYS, seed=(5,))


@pytest.fixture(scope="module")
def lives(children):
    return live(children, WORLD, DAYS, seed=(5,))


@pytest.fixture(scope="module")
def spells(lives, children):
    """Of every child that could have one, so that much is seen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(away, "_EVER_AWAY", 1.0)
        return away.draw_spells(lives, children, DAYS, rng=rng())


@pytest.fixture(scope="module")
def incidents(children):
    facts = police.draw_facts(children, DAYS, rng=rng(2))
    return encompass.draw_incidents(facts, children, DAYS, rng=rng(3)), facts


@pytest.fixture(scope="module")
def closures():
    return schools.draw_closures(DAYS, rng=rng(4))


@pytest.fixture(scope="module")
def taken_on(lives, children):
    """What the meeting wrote, and the referrals to Positive Futures that came of it."""
    progress = service.draw_progress(lives.referrals, children, DAYS, rng=rng(6))
    minutes = service.draw_minutes(lives.decisions, progress, children, DAYS, rng=rng(7))
    asked = futures.draw_asked(children, DAYS, rng=rng(8))
    return minutes, futures.draw_progress(minutes, asked, children, DAYS, rng=rng(9))


def there(rows, children, day="day"):
    """Where a child is in the area, and still a child."""
    about = children.loc[rows["child"]].reset_index(drop=True)
    days = rows[day].reset_index(drop=True)
    return (days >= about["arrives"]) & (days < about["leaves"]) & (days <= about["turns"])


# ---- Time away ----------------------------------------------------------------------------------


def test_a_child_away_has_no_episode_and_is_there_to_go(spells, lives, children):
    assert len(spells) > 1_000
    assert spells["child"].is_unique
    both = spells.merge(lives.episodes, on="child")
    assert not ((both["day"] <= both["end"]) & (both["back"] >= both["start"])).any()
    assert there(spells, children, "start").all()
    assert there(spells, children, "end").all()
    assert (spells["end"] > spells["start"] + 1).all()


def test_few_children_are_ever_away(lives, children):
    spells = away.draw_spells(lives, children, DAYS, rng=rng())
    assert 0.01 < len(spells) / lives.episodes["child"].nunique() < 0.02


def test_a_spell_is_told_in_every_quarter_that_it_touches_and_goes_on_until_it_is_over(spells):
    keys = pd.Series([f"K{child}" for child in spells["child"]], index=spells["child"])
    told = {quarter: away.spells_of(spells, keys, DAYS, quarter) for quarter in QUARTERS}
    for quarter, following in pairwise(QUARTERS):
        going_on = told[quarter].loc[told[quarter]["to_on"].isna(), "child_key"]
        assert going_on.isin(told[following]["child_key"]).all()
    assert any(rows["to_on"].isna().any() for rows in told.values())
    within = spells["start"] >= HISTORY_DAYS
    assert set(keys[spells.loc[within, "child"]]) <= {
        key for rows in told.values() for key in rows["child_key"]
    }


# ---- Schools ------------------------------------------------------------------------------------


def test_every_school_has_a_number_of_nobodys_and_a_calendar_for_every_year(closures):
    assert closures["school_ref"].nunique() == 40
    assert closures["school_ref"].str.fullmatch("999[0-9]{4}").all()
    years = closures.groupby("school_ref")["from_on"].agg(lambda days: set(academic_year(days)))
    assert all(set(range(2022, 2025)) <= found for found in years)


def test_the_runs_of_a_school_are_apart_and_begin_on_weekdays(closures):
    ordered = closures.sort_values(["school_ref", "from_on"])
    before = ordered.groupby("school_ref")["to_on"].shift()
    assert not (ordered["from_on"] <= before).any()
    assert (closures["from_on"].dt.day_of_week < 5).all()
    assert ((closures["to_on"] - closures["from_on"]).dt.days < 60).all()
    assert set(closures["kind"]) == {"holiday", "inset", "other"}


def test_schools_close_around_easter_and_at_christmas(closures):
    days = set(closures.loc[closures["kind"] == "holiday", "from_on"].dt.strftime("%Y-%m-%d"))
    assert {"2023-04-03", "2024-03-25", "2023-12-25", "2024-12-23", "2024-07-22"} <= days


def test_an_authority_tells_of_its_own_schools_and_of_each_run_once(closures):
    told = [
        schools.closures_of(closures, authority, quarter)
        for authority in GWENT.children
        for quarter in QUARTERS
    ]
    runs = pd.concat(told)
    assert not runs.duplicated(["school_ref", "from_on"]).any()
    first, last = pd.Timestamp(QUARTERS[0].first_day), pd.Timestamp(QUARTERS[-1].last_day)
    assert len(runs) == closures["from_on"].between(first, last).sum()


# ---- Operation Encompass ------------------------------------------------------------------------


def test_incidents_are_of_children_who_live_with_abuse_and_are_there(incidents, children):
    rows, facts = incidents
    assert (facts.loc[rows["child"], "domestic_abuse"] == "yes").all()
    assert there(rows, children).all()
    assert not rows.duplicated(["incident_ref", "child"]).any()
    assert 1.1 < rows.groupby("incident_ref").size().mean() < 1.4
    assert rows.groupby("incident_ref")["incident"].nunique().eq(1).all()


def test_whoever_is_told_is_told_after_the_incident_and_before_the_return_is_made(incidents):
    rows, _ = incidents
    told = rows["outcome"].isin(["notified", "authority"])
    assert rows["notified"].notna().equals(told)
    assert (rows["notified"] > rows["incident"])[told].all()
    assert (rows["notified"] // 1440 < rows["day"] + police.MADE_AFTER_DAYS)[told].all()


def test_a_child_goes_to_a_school_of_its_authority_and_of_its_age(incidents, children):
    rows, _ = incidents
    at_school = rows.dropna(subset=["school_ref"]).merge(
        children[["local_authority", "birth_month"]], left_on="child", right_index=True
    )
    assert (at_school["school_ref"].str[3:5] == at_school["local_authority_y"].str[-2:]).all()
    months = at_school["day"].map(DAYS.month) - at_school["birth_month"]
    primary = at_school["school_ref"].str[5:].astype(int) <= schools.PRIMARIES
    assert months[primary].max() <= 12 * 12
    assert months[~primary].min() >= 11 * 12
    none = rows["outcome"].isin(["authority", "no_school"])
    assert rows.loc[none, "school_ref"].isna().all()


# ---- Assessments --------------------------------------------------------------------------------


def test_a_child_at_moderate_or_significant_is_mostly_assessed_again_in_time(lives, children):
    rows = assessments.draw_assessments(lives, children, DAYS, rng=rng(10))
    assert rows["assessment_ref"].is_unique
    assert rows["child"].isin(lives.decisions["child"]).all()
    waits = rows.groupby("child")["assessed_on"].diff().dt.days.dropna()
    assert 0.8 < (waits <= 92).mean() < 0.97
    again = rows["child"].isin(rows.loc[rows["child"].duplicated(), "child"])
    first = rows[again].drop_duplicates("child")
    assert set(first["band"]) == {"moderate", "significant"}
    assert rows.groupby("child")[["tool", "strand"]].nunique().max().max() == 1


# ---- Positive Futures ---------------------------------------------------------------------------


def test_whom_the_meeting_sends_is_taken_on_unless_it_is_there_already(taken_on):
    minutes, progress = taken_on
    sent = minutes.loc[minutes["decision"] == "refer_positive_futures", ["child", "met_on"]]
    assert len(sent) > 20
    ended = progress["closed_on"].fillna(progress["decided_on"])
    stays = progress.assign(ended=ended)[["child", "referred_on", "ended"]]
    pairs = sent.merge(stays, on="child")
    met = pairs[(pairs["referred_on"] <= pairs["met_on"]) & (pairs["met_on"] <= pairs["ended"])]
    assert set(zip(met["child"], met["met_on"], strict=True)) == set(
        zip(sent["child"], sent["met_on"], strict=True)
    )


def test_nobody_is_taken_on_twice_at_a_time(taken_on):
    _, progress = taken_on
    ended = progress["closed_on"].fillna(progress["decided_on"])
    ordered = progress.assign(ended=ended).sort_values(["child", "referred_on"])
    again = ordered["child"].eq(ordered["child"].shift())
    assert (ordered["referred_on"] >= ordered["ended"].shift())[again].all()


def test_whoever_else_is_referred_is_between_10_and_17_and_there(children):
    asked = futures.draw_asked(children, DAYS, rng=rng(8))
    assert asked["child"].is_unique
    assert there(asked, children).all()
    born = children.loc[asked["child"], "birth_month"].to_numpy()
    assert (asked["day"].map(DAYS.month) - born >= 10 * 12).all()


def test_sessions_are_weekly_but_over_christmas_and_nobody_comes_to_a_cancelled_one():
    sessions = futures.draw_sessions(DAYS, rng=rng(11))
    assert sessions["session_ref"].is_unique
    gaps = sessions.groupby("venue_ref")["held_on"].diff().dt.days.dropna()
    assert set(gaps) <= {7, 14, 21}
    assert not ((sessions["held_on"].dt.month == 12) & (sessions["held_on"].dt.day > 22)).any()
    cancelled = sessions["cancelled"] == "yes"
    assert 0 < cancelled.mean() < 0.1
    assert (sessions.loc[cancelled, "attendances"] == 0).all()
    assert 130 < len(sessions) / len(QUARTERS) < 170


def test_nothing_is_told_of_before_the_first_quarter(incidents, taken_on):
    assert incidents[0]["day"].min() >= HISTORY_DAYS
    assert taken_on[1]["referred_on"].min() >= pd.Timestamp(QUARTERS[0].first_day)
