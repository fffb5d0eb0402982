from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analyses.cohorts import discussed
from analyses.invented.returns import POLICE, imagine, invent, snapshot_of
from analyses.invented.truth import counted
from analyses.invented.world import HISTORY_DAYS, World
from analyses.outcomes import OUTCOMES
from analyses.plan import read_plan
from evaluation.following import follow, windowed
from evaluation.nouns import Checked, Return, Sheet
from evaluation.quarters import Quarter
from evaluation.returns.checking import check, check_snapshot
from reports.reading import read_body
from schemas import FORMS

QUARTERS = Quarter(2023, 1).to(Quarter(2023, 4))
SMALL = {
    "quarters": QUARTERS,
    "children": 1_200,
    "effect": 0.7,
    "seed": 4,
    "world": World(episodes_per_year=0.5),
}


@pytest.fixture(scope="module")
def returns():
    return invent(**SMALL)


@pytest.fixture(scope="module")
def about():
    return imagine(**SMALL)


@pytest.fixture(scope="module")
def snapshot(returns):
    return snapshot_of(returns, QUARTERS[-1])


def earlier(returns, provider, quarter):
    """What the provider had accepted for the quarters before."""
    before = [of for name, of in returns if name == provider and of < quarter]
    return {
        form: pd.concat([returns[provider, of][form].assign(quarter=str(of)) for of in before])
        for form in returns[provider, quarter]
        if before
    }


def as_checked(provider, quarter, tables):
    sheets = tuple(
        Sheet(form, form, 1, dict.fromkeys(rows, "A"), pd.DataFrame())
        for form, rows in tables.items()
    )
    return Checked(Return("0" * 64, provider, quarter, "en", sheets), tables)


def test_the_returns_of_the_first_quarters_pass_the_check_with_notes_at_most(returns):
    # tests/slow/test_invented_workbooks.py checks all, as workbooks.
    for (provider, quarter), tables in list(returns.items())[:18]:
        checked = check(
            as_checked(provider, quarter, tables), FORMS, earlier(returns, provider, quarter)
        )
        assert {finding.rule for finding in checked.findings if finding.severity != "note"} == set()
        assert not checked.not_run or quarter == QUARTERS[0]


def test_across_providers_nothing_is_left_to_explain(snapshot):
    findings = check_snapshot(snapshot, FORMS)
    assert {finding.rule for finding in findings if finding.severity != "note"} == set()


def test_the_same_seed_gives_the_same_returns(returns):
    again = invent(**SMALL)
    for key, tables in returns.items():
        for form, rows in tables.items():
            assert_frame_equal(rows, again[key][form])


def test_each_provider_sends_its_forms_for_every_quarter(returns):
    providers = read_body("gwent").providers
    assert set(returns) == {(name, quarter) for quarter in QUARTERS for name in providers}
    for (name, _), tables in returns.items():
        assert tuple(tables) == providers[name].forms


def test_only_the_first_return_of_the_police_reaches_back_a_year(returns):
    for quarter in QUARTERS:
        earliest = returns[POLICE, quarter]["missing_episodes"]["reported_on"].min()
        days_back = (pd.Timestamp(quarter.first_day) - earliest).days
        if quarter == QUARTERS[0]:
            assert HISTORY_DAYS - 7 < days_back <= HISTORY_DAYS
        else:
            assert days_back < 60  # an outstanding interview at most


def test_some_episodes_are_open_at_the_end_and_closed_in_the_next_return(returns):
    open_ones = closed = 0
    for quarter, following in pairwise(QUARTERS):
        rows = returns[POLICE, quarter]["missing_episodes"].set_index("episode_ref")
        still = rows.index[rows["returned_at"].isna()]
        told = returns[POLICE, following]["missing_episodes"].set_index("episode_ref")
        open_ones += len(still)
        closed += told.loc[still, "returned_at"].notna().sum()
    assert open_ones == closed


def test_wanted_answers_are_blank_here_and_there_and_needed_ones_never(snapshot):
    for name, rows in snapshot.tables.items():
        for field in FORMS[name].fields:
            blank = rows[field.name].isna().mean()
            if field.need == "must":
                assert blank == 0
            elif field.need == "want" and field.kind != "int":
                assert 0 < blank < 0.15


def test_the_cohort_in_the_returns_is_the_one_that_lived(about, snapshot):
    cohort = discussed(snapshot, read_plan())
    starts = about.lives.starts.join(about.children, on="child")
    last = np.minimum(starts["turns"], starts["leaves"] - 1)
    eligible = (
        ~starts["decision"].isin(["already_referred", "elsewhere"])
        & (starts["day"] - starts["arrives"] >= HISTORY_DAYS)
        & (starts["day"] < np.minimum(last, about.days.days - 1))
    )
    lived = pd.DataFrame(
        {
            "child_key": starts["child"].map(about.keys),
            "arm": np.where(starts["decision"] == "referred", "referred", "not_referred"),
            "time_zero": about.days.calendar(starts["day"].to_numpy()).astype("datetime64[us]"),
            "followed_to": about.days.calendar(
                np.minimum(last, about.days.days - 1).to_numpy()
            ).astype("datetime64[us]"),
        }
    )[eligible]
    assert len(lived) > 60
    assert_frame_equal(
        cohort.children[list(lived)],
        lived.sort_values("child_key", ignore_index=True),
        check_dtype=False,
    )


def test_follow_up_of_the_returns_counts_what_happened(about, snapshot):
    cohort = discussed(snapshot, read_plan())
    at_risk = follow(cohort, OUTCOMES["re_missing"], snapshot, away=None)
    followed = windowed(at_risk, cohort, days=182, complete_only=True)
    numbers = pd.Series(about.keys.index, index=about.keys.to_numpy())
    children = cohort.children.set_index("child_key").loc[followed["child_key"]]
    starts = pd.DataFrame(
        {
            "child": numbers.loc[children.index].to_numpy(),
            "day": [about.days.number(day.date()) for day in children["time_zero"]],
            "last": [about.days.number(day.date()) for day in children["followed_to"]],
        }
    )
    lived = counted(about.lives, starts, days=182)
    assert followed["events"].tolist() == lived["events"].tolist()
    assert followed["days_at_risk"].tolist() == lived["days_at_risk"].tolist()
