"""The field's traps: for each, the naive answer is wrong where the truth is known, and ours right.

Every trap is a small invented world. Where not told otherwise the service in it has no effect at
all, so that a ratio ought to be 1 and one test in twenty may ring.
"""

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from evaluation.errors import WrongUse
from evaluation.estimating.counts import gee, rate_ratio_robust
from evaluation.estimating.cox import cox
from evaluation.estimating.found import Found
from evaluation.estimating.guards import (
    clustering,
    competing_events,
    described,
    overdispersion,
    refuse_ever_treated,
    refuse_undated_repeats,
    regression_to_the_mean,
    separation,
    time_not_at_risk,
    truncation,
)
from evaluation.estimating.logistic import logistic
from evaluation.estimating.survival import cumulative_incidence, kaplan_meier
from evaluation.following import at_risk_table, split
from evaluation.nouns import Estimate

ZERO = pd.Timestamp("2025-03-01")


def holds(figure, truth=1.0):
    return figure.low <= truth <= figure.high


def false_alarms(test, times, seed):
    """The share of worlds without an effect in which a test rings."""
    rng = np.random.default_rng(seed)
    return np.mean([test(rng) for _ in range(times)])


# ---- (a) Regression to the mean ------------------------------------------------------------------


@pytest.fixture(scope="module")
def at_their_worst():
    """Children differ, for good; those with three episodes in 90 days may be referred, by lot."""
    rng = np.random.default_rng(1)
    rate = rng.gamma(0.7, 1 / 0.7, 20_000)
    children = pd.DataFrame(
        {
            "earlier": rng.poisson(3 * rate),  # in 270 days
            "before": rng.poisson(rate),  # in the 90 days before the meeting
            "events": rng.poisson(rate),  # in the 90 days after it
            "days_at_risk": 90,
        }
    )
    children = children[children["before"] >= 3].reset_index(drop=True)
    lot = rng.random(len(children)) < 0.5
    return children.assign(arm=np.where(lot, "referred", "not_referred"))


def test_a_service_without_effect_seems_to_work_when_after_is_held_against_before(at_their_worst):
    referred = at_their_worst[at_their_worst["arm"] == "referred"]
    assert referred["events"].sum() / referred["before"].sum() < 0.75


def test_held_against_children_at_their_worst_on_the_same_day_it_does_nothing(at_their_worst):
    found = rate_ratio_robust(at_their_worst, treated="referred").one("rate_ratio")
    assert holds(found)
    assert 0.9 < found.value < 1.1


def test_a_spike_before_the_referral_is_warned_of(at_their_worst):
    spike = regression_to_the_mean(
        at_their_worst["before"], at_their_worst["earlier"], recent_days=90, earlier_days=270
    )
    assert "spike" in str(spike.text)
    assert regression_to_the_mean([1, 2], [3, 6], recent_days=90, earlier_days=270) is None


def test_before_and_after_is_a_description_and_never_an_effect():
    claimed = Estimate("", "rate_ratio", value=0.7, role="primary", design_level=3)
    told = described(Found(estimates=(claimed,)))
    assert (told.one().role, told.one().design_level) == ("description", 2)
    assert told.one().unmet == ("regression_to_the_mean",)
    assert told.beware[-1].trap == "regression_to_the_mean"


# ---- (b) Immortal time ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def waiting():
    """Each child goes missing again some day, and is referred some day, if not missing before."""
    rng = np.random.default_rng(2)
    again = np.ceil(rng.exponential(120, 800))
    referred = np.ceil(rng.exponential(120, 800))
    last = np.minimum(again, 365)
    return pd.DataFrame(
        {
            "child_key": np.arange(800).astype(str),
            "time_zero": ZERO,
            "followed_to": ZERO + pd.to_timedelta(last, unit="D"),
            "days": last,
            "event": (again <= 365).astype(int),
            "referred_on": (ZERO + pd.to_timedelta(referred, unit="D")).where(referred < last),
        }
    )


def test_whoever_was_ever_referred_seems_safe(waiting):
    ever = waiting.assign(ever=waiting["referred_on"].notna().astype(int))
    naive = cox("days ~ ever", ever, event="event").one("hazard_ratio", "ever")
    assert naive.high < 0.7


def test_such_a_group_is_refused_with_the_right_call(waiting):
    ever = waiting.assign(arm=np.where(waiting["referred_on"].notna(), "referred", "not"))
    with pytest.raises(WrongUse, match=r"future information.*following\.split"):
        refuse_ever_treated(ever, treated="referred", on="referred_on")
    undated = ever.assign(referred_on=pd.NaT)
    with pytest.raises(WrongUse, match="no day of treatment"):
        refuse_ever_treated(undated, treated="referred", on="referred_on")


def test_split_at_the_referral_the_time_before_it_counts_as_not_referred(waiting):
    last = waiting[["child_key"]].assign(started_on=waiting["followed_to"])
    at_risk = at_risk_table(waiting, last[waiting["event"] == 1])
    changes = waiting[["child_key"]].assign(on=waiting["referred_on"])
    rows = split(at_risk, changes, into="referred").rows
    found = cox("stop ~ referred", rows, event="events", start="start", cluster="child_key")
    assert holds(found.one("hazard_ratio", "referred"))


# ---- (c) Overdispersion --------------------------------------------------------------------------


def uneven(rng, children=60):
    """Two arms by lot; a few children make most episodes."""
    return pd.DataFrame(
        {
            "arm": np.repeat([0, 1], children // 2),
            "events": rng.poisson(2.4 * rng.gamma(0.5, 2, children)),
        }
    )


def naive(rows):
    """The test of a Poisson model with its own errors, in closed form (arms of one size)."""
    one, other = (rows.loc[rows["arm"] == arm, "events"].sum() for arm in (0, 1))
    return abs(np.log(one / other)) > 1.96 * np.sqrt(1 / one + 1 / other)


def robust(rows, **how):
    return (
        rate_ratio_robust(rows.assign(days_at_risk=90), treated=1, **how).one("rate_ratio").p < 0.05
    )


def test_a_poisson_model_rings_far_too_often_and_robust_errors_hardly():
    assert false_alarms(lambda rng: naive(uneven(rng)), 200, 3) > 0.25
    assert false_alarms(lambda rng: robust(uneven(rng)), 40, 3) < 0.15


def test_counts_that_vary_too_much_are_warned_of():
    events = uneven(np.random.default_rng(3))["events"]
    assert overdispersion(events, np.full(60, events.mean())).trap == "overdispersion"
    even = np.random.default_rng(3).poisson(2.4, 60)
    assert overdispersion(even, np.full(60, even.mean())) is None


# ---- (d) Clustering ------------------------------------------------------------------------------


def quarters(rng, children=50):
    """Four quarters a child: what a child is like stays from one to the next."""
    rate = rng.gamma(0.4, 1 / 0.4, children)
    return pd.DataFrame(
        {
            "child_key": np.repeat(np.arange(children), 4),
            "arm": np.repeat(np.arange(children) % 2, 4),
            "events": rng.poisson(rate.repeat(4)),
        }
    )


def test_rows_of_one_child_are_not_independent():
    alone = lambda rng: robust(quarters(rng).drop(columns="child_key"))  # noqa: E731
    assert false_alarms(alone, 60, 4) > 0.15
    assert false_alarms(lambda rng: robust(quarters(rng)), 40, 4) < 0.15
    assert clustering(quarters(np.random.default_rng(4))["child_key"]).trap == "clustering"


def authorities(rng):
    """Six authorities, of which three take the service up; they differ anyway."""
    level = rng.gamma(10, 1 / 10, 6)
    return pd.DataFrame(
        {
            "authority": np.repeat(np.arange(6), 40),
            "arm": np.repeat(np.arange(6) % 2, 40),
            "events": rng.poisson(2 * level.repeat(40)),
        }
    )


def by_authority(rng, **errors):
    found = gee(
        "events ~ arm", authorities(rng), cluster="authority", correlation="independence", **errors
    )
    return found.one("rate_ratio").p < 0.05


@pytest.mark.slow
def test_six_authorities_are_few_and_the_default_knows_it():
    assert false_alarms(lambda rng: naive(authorities(rng)), 100, 5) > 0.2
    assert false_alarms(by_authority, 60, 5) < 0.12


def test_few_clusters_are_warned_of_and_torn_ones():
    few = clustering(np.arange(12), np.arange(12) % 6)
    assert (few.trap, "6" in str(few.text)) == ("few_clusters", True)
    assert clustering(np.arange(80), np.arange(80) // 2) is None
    assert "more than one cluster" in str(clustering(["A", "A"], [1, 2]).text)


# ---- (e) Truncation and the end of a quarter -----------------------------------------------------


@pytest.fixture(scope="module")
def open_cases():
    """Cases begin every day and last 60 days in the middle; the returns tell of one quarter."""
    rng = np.random.default_rng(6)
    began = rng.integers(-1500, 90, 60_000)
    ended = began + np.ceil(rng.exponential(60 / np.log(2), 60_000))
    seen = (ended > 0) & (began < 90)
    return pd.DataFrame({"began": began, "ended": ended})[seen]


def test_those_open_in_the_quarter_seem_long_and_those_closed_in_it_short(open_cases):
    length = open_cases["ended"] - open_cases["began"]
    assert length.median() > 75
    assert length[(open_cases["began"] >= 0) & (open_cases["ended"] <= 90)].median() < 35


def test_with_entry_and_censoring_the_middle_is_found(open_cases):
    stop = np.minimum(open_cases["ended"], 90) - open_cases["began"]
    entry = np.maximum(-open_cases["began"], 0)
    event = (open_cases["ended"] <= 90).astype(int)
    found = kaplan_meier(stop, event, entry=entry, at=[30])
    assert found.one("median_days").value == pytest.approx(60, abs=4)
    assert "truncation" in {one.trap for one in found.beware}


def test_cases_that_reach_out_of_the_window_are_counted(open_cases):
    days = [ZERO + pd.to_timedelta(open_cases[name], unit="D") for name in ("began", "ended")]
    window = {"first": ZERO, "last": ZERO + pd.Timedelta(days=90)}
    assert truncation(*days, **window).trap == "truncation"
    assert truncation([ZERO], [ZERO + pd.Timedelta(days=3)], **window) is None


# ---- (f) Competing events ------------------------------------------------------------------------


def test_one_less_the_survival_curve_overstates_where_cases_end_another_way():
    rng = np.random.default_rng(7)
    days = rng.exponential(100, 4000)  # of either end together
    kind = np.where(rng.random(4000) < 0.6, "closed", "moved")
    code = np.where(days > 200, "open", kind)
    days = np.minimum(days, 200)
    truth = 0.6 * (1 - np.exp(-2))
    naive = 1 - kaplan_meier(days, (code == "closed").astype(int), at=[199.9]).one("survival").value
    found = cumulative_incidence(days, code, censored="open", at=[199.9]).of("closed")
    assert naive > truth + 0.1
    assert holds(found.one("cumulative_incidence"), truth)
    assert competing_events(code, event="closed", censored="open").trap == "competing_events"
    assert competing_events(["closed", "open"], event="closed", censored="open") is None


# ---- (g) Time not at risk ------------------------------------------------------------------------


def test_days_in_custody_are_not_quiet_days():
    """The referred spend a third of their days in custody, where nobody goes missing."""
    rng = np.random.default_rng(8)
    keys = [f"{number:03}" for number in range(300)]
    children = pd.DataFrame(
        {
            "child_key": keys,
            "arm": np.repeat(["referred", "not"], 150),
            "time_zero": ZERO,
            "followed_to": ZERO + pd.Timedelta(days=180),
        }
    )
    custody = pd.DataFrame(
        {
            "child_key": keys[:150],
            "from_on": ZERO + pd.Timedelta(days=60),
            "to_on": ZERO + pd.Timedelta(days=121),
        }
    )
    days = pd.DataFrame(
        [(key, day) for key in keys for day in np.flatnonzero(rng.random(180) < 0.02) + 1],
        columns=["child_key", "day"],
    )
    inside = (days["child_key"] < "150") & days["day"].between(61, 120)
    episodes = days[~inside].assign(
        started_on=ZERO + pd.to_timedelta(days["day"], unit="D"), ended_on=pd.NaT
    )
    episodes["ended_on"] = episodes["started_on"]

    def ratio(away):
        at_risk = at_risk_table(children, episodes, away=away)
        rows = at_risk.rows.assign(days_at_risk=at_risk.rows["stop"] - at_risk.rows["start"])
        found = rate_ratio_robust(rows, treated="referred")
        return at_risk, found.one("rate_ratio")

    calendar, naive = ratio(None)
    removed, right = ratio(custody)
    assert naive.high < 0.85
    assert holds(right)
    warned = time_not_at_risk(removed.changed, away_removed=removed.away_removed)
    assert str(removed.changed["days_removed"]) in str(warned.text).replace(",", "")
    assert "still counts" in str(
        time_not_at_risk(calendar.changed, away_removed=calendar.away_removed).text
    )
    assert time_not_at_risk({"days_removed": 0, "merged": 0}) is None


# ---- (h) Separation ------------------------------------------------------------------------------


def test_where_a_column_tells_all_the_plain_fit_is_nonsense_and_says_it_converged():
    children = pd.DataFrame({"again": [0] * 20 + [1] * 20, "arm": [0] * 20 + [1] * 20})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        naive = sm.GLM(
            children["again"], sm.add_constant(children["arm"]), family=sm.families.Binomial()
        ).fit()
    assert naive.converged
    assert naive.params["arm"] > 20
    found = logistic("again ~ arm", children)
    assert np.log(found.one("odds_ratio").value) < 10
    assert "separation" in {one.trap for one in found.beware}
    assert "separation" in found.one("odds_ratio").unmet
    assert separation(children["again"], children[["arm"]]).trap == "separation"
    assert separation([0, 1, 0, 1], children[["arm"]].iloc[[0, 0, 39, 39]]) is None


# ---- Undated repeat rates ------------------------------------------------------------------------


def test_a_share_with_repeats_grows_with_follow_up_and_is_refused_without_a_window():
    rng = np.random.default_rng(9)
    again = rng.exponential(200, 2000)
    followed = np.where(np.arange(2000) < 1000, 365, 90)  # those referred first are followed longer
    had = again <= followed
    assert had[:1000].mean() > had[1000:].mean() + 0.3  # of children who are all alike
    children = pd.DataFrame({"followed_days": followed})
    with pytest.raises(WrongUse, match="windowed"):
        refuse_undated_repeats(children, days=None)
    with pytest.raises(WrongUse, match=r"1,?000 of 2,?000 children.*kaplan_meier"):
        refuse_undated_repeats(children, days=182)
    refuse_undated_repeats(children, days=90)
    days = np.minimum(again, followed)
    curves = kaplan_meier(days, had.astype(int), group=followed, at=[90])
    first, second = (one for one in curves if one.measure == "survival")
    assert abs(first.value - second.value) < 0.06


def test_dates_as_text_have_their_year_first():
    children = pd.DataFrame({"arm": ["in"], "on": ["03/04/2025"], "time_zero": ["2025-03-31"]})
    with pytest.raises(WrongUse, match="on must be dates, written as 2025-03-31"):
        refuse_ever_treated(children, treated="in", on="on")
    swapped = children.rename(columns={"on": "time_zero", "time_zero": "on"})
    with pytest.raises(WrongUse, match="time_zero must be dates"):
        refuse_ever_treated(swapped, treated="in", on="on")
    window = {"first": "2025-01-01", "last": "2025-03-31"}
    with pytest.raises(WrongUse, match="First days must be dates"):
        truncation(["03/04/2025"], [None], **window)
    with pytest.raises(WrongUse, match="Last days must be dates"):
        truncation(["2025-01-02"], ["31/01/2025"], **window)
    with pytest.raises(WrongUse, match="days of the window must be dates"):
        truncation(["2025-01-02"], [None], first="01/01/2025", last="2025-03-31")
    with pytest.raises(WrongUse, match="First days must be dates"):
        truncation([20250102], [None], **window)
