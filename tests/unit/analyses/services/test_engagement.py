"""Who is reached: shares by group, adjusted and shrunk, in code-list order and never ranked."""

import numpy as np
import pandas as pd
import pytest

from analyses.services import engagement
from analyses.services.adjusted import adjusted
from analyses.services.groups import DIMENSIONS, known_at_referral
from analyses.services.service import POSITIVE_FUTURES, ST_GILES
from tests.unit.analyses.making import GWENT, child
from tests.unit.analyses.services.making import believed, by, case, of

SEXES = DIMENSIONS["sex"]


def told(*rows, **options):
    settings = {name: options.pop(name) for name in ("tested", "quarters") if name in options}
    return engagement.figures(believed(*rows, **options), ST_GILES, **settings)


def referred(key, day="2024-05-01", session=None, told_="", **facts):
    came = {"first_session_on": session} if session else {}
    return case(key, day, told=told_, **came) + child(key, **facts)


def test_engaged_is_a_first_session_within_90_days_of_those_who_had_them():
    found = told(
        referred("ann", session="2024-07-30"),
        referred("bob", session="2024-07-31"),
        referred("cai", "2025-01-01"),  # had 89 days
        referred("dai", "2024-12-31"),
        case("eve", "2024-06-01", decision="declined"),
    )
    whole = by(of(found, cohort="st_giles_engagement"), "measure")
    assert (whole["engaged"].children, whole["engaged"].of, whole["engaged"].days) == (1, 4, 90)
    assert whole["lost"].value == 0


def test_who_vanished_before_the_days_were_up_is_counted_as_lost_and_left_out():
    gone = referred("ann", "2024-06-01", told_="2024Q1", session="2024-06-02")
    whole = by(of(told(gone), cohort="st_giles_engagement"), "measure")
    assert (whole["engaged"].of, whole["lost"].value) == (0, 1)


def test_each_child_counts_once_however_often_it_was_referred():
    rows = [row for day in range(1, 29) for row in case("ann", f"2024-05-{day:02}")]
    whole = by(of(told(rows), cohort="st_giles_engagement"), "measure")
    assert whole["engaged"].of == 1


def test_groups_stand_in_code_list_order_and_a_blank_is_none_of_the_answers():
    found = told(
        referred("ann", disability="yes"),
        referred("bob", disability="not_known"),
        referred("cai", disability=None),
        case("dai", "2024-05-01"),  # in no children's return
    )
    cohort = "st_giles_engagement_by_disability"
    groups = {f.group: f.of for f in of(found, cohort=cohort, measure="engaged")}
    assert list(groups.items()) == [
        ("yes", 1), ("no", 0), ("not_known", 1), ("not_asked", 0), ("declined", 0), ("blank", 2),
    ]  # fmt: skip
    places = of(found, cohort="st_giles_engagement_by_local_authority", measure="engaged")
    assert tuple(f.group for f in places) == GWENT


def known(*rows):
    first = pd.DataFrame({"child_key": ["ann"], "referred_on": pd.to_datetime(["2023-08-01"])})
    return known_at_referral(first, believed(*rows)).iloc[0]


def test_groups_are_those_known_when_the_child_was_referred():
    rows = child("ann", quarters="2023Q1", exclusion="none") + child(
        "ann", quarters="2023Q2 to 2024Q4", exclusion="permanent"
    )
    assert known(rows)["exclusion"] == "none"


def test_without_an_earlier_return_they_are_those_of_the_first():
    rows = child("ann", quarters="2023Q2", exclusion="fixed_5") + child(
        "ann", quarters="2023Q3", exclusion="permanent"
    )
    assert known(rows)["exclusion"] == "fixed_5"


@pytest.mark.parametrize(
    ("born", "band"),
    [("2011-09", "under_12"), ("2011-08", "12_13"), ("2009-09", "12_13"), ("2009-08", "14_15"),
     ("2007-08", "16_17"), ("2005-08", "over_17")],
)  # fmt: skip
def test_age_is_counted_in_months_at_referral(born, band):
    assert known(child("ann", born))["age_band"] == band


@pytest.mark.parametrize(
    ("born", "moving"),
    [("2010-08", "no"), ("2010-09", "yes"), ("2011-09", "yes"), ("2012-08", "yes"),
     ("2012-09", "no")],
)  # fmt: skip
def test_the_move_to_secondary_school_is_years_6_and_7_by_age(born, moving):
    assert known(child("ann", born))["transition"] == moving


def test_ethnicity_is_reported_as_5_and_1_and_not_stated_is_not_blank():
    assert known(child("ann", ethnicity="M2"))["ethnicity"] == "mixed"
    assert known(child("ann", ethnicity="NS"))["ethnicity"] == "not_stated"
    assert known(child("ann", ethnicity=None))["ethnicity"] == "blank"


def frame(**groups):
    """Children of whom so many were engaged, of so many, in each sex; all else alike."""
    rows = []
    for sex, (had, all_) in groups.items():
        rows += [{"sex": sex, "engaged": at < had} for at in range(all_)]
    alike = {"age_band": "14_15", "local_authority": "W06000022"}
    return pd.DataFrame(rows).assign(**alike)


def test_where_all_else_is_alike_the_adjusted_share_is_the_counted_one():
    found = by(adjusted(frame(female=(30, 60), male=(20, 50)), "sex", SEXES), "measure", "group")
    assert found["engaged_adjusted", "female"].value == pytest.approx(0.5)
    assert found["engaged_adjusted", "male"].value == pytest.approx(0.4)
    difference = found["engaged_difference", "male"]
    assert difference.value == pytest.approx(-0.1)
    assert (difference.children, difference.of) == (110, None)
    assert found["engaged_difference", "female"].why_not == "no_comparison"  # the largest


def test_adjusting_takes_away_a_difference_that_is_of_age():
    rng = np.random.default_rng(0)
    young = rng.random(4000) < 0.5
    male = rng.random(4000) < np.where(young, 0.8, 0.2)
    children = pd.DataFrame(
        {
            "sex": np.where(male, "male", "female"),
            "age_band": np.where(young, "12_13", "16_17"),
            "local_authority": "W06000022",
            "engaged": rng.random(4000) < np.where(young, 0.8, 0.4),
        }
    )
    counted = children.groupby("sex")["engaged"].mean()
    found = by(adjusted(children, "sex", SEXES), "measure", "group")
    assert counted["male"] - counted["female"] > 0.2
    gap = found["engaged_adjusted", "male"].value - found["engaged_adjusted", "female"].value
    assert abs(gap) < 0.04
    assert found["engaged_adjusted", "male"].value == pytest.approx(0.6, abs=0.03)


def test_a_group_in_which_all_were_engaged_has_firths_estimate_and_says_so():
    found = by(adjusted(frame(female=(30, 60), male=(12, 12)), "sex", SEXES), "measure", "group")
    share = found["engaged_adjusted", "male"]
    assert 0.8 < share.value < 1
    assert share.method == "firth_standardised"


def test_small_groups_have_no_adjusted_share_and_stay_in_the_model():
    found = by(
        adjusted(frame(female=(30, 60), male=(20, 50), other=(3, 7)), "sex", SEXES),
        "measure",
        "group",
    )
    assert found["engaged_adjusted", "other"].why_not == "too_few_children"
    assert found["engaged_difference", "other"].why_not == "too_few_children"
    assert found["engaged_adjusted", "male"].value == pytest.approx(0.4, abs=0.01)


def test_what_there_is_no_room_for_is_said():
    children = frame(female=(10, 30), male=(10, 20)).assign(
        age_band=["12_13", "14_15", "16_17", "under_12", "over_17"] * 10
    )
    found = by(adjusted(children, "sex", SEXES), "measure", "group")
    assert "covariates_left_out" in found["engaged_adjusted", "male"].unmet


@pytest.mark.parametrize(
    ("groups", "why_not"),
    [
        ({"female": (30, 60)}, "no_comparison"),
        ({"female": (4, 60), "male": (3, 30)}, "too_few_children"),
        ({"female": (60, 60), "male": (30, 30)}, "no_variation"),
    ],
)
def test_what_cannot_be_adjusted_says_why(groups, why_not):
    found = of(adjusted(frame(**groups), "sex", SEXES), measure="engaged_adjusted", group="female")
    assert (found[0].value, found[0].why_not) == (None, why_not)


def many(count=60):
    rows = []
    for at in range(count):
        session = "2024-05-20" if at % 3 else None
        facts = {"sex": "male" if at % 2 else "female", "ethnicity": "A1" if at % 5 == 0 else "W1"}
        rows += referred(f"c{at}", session=session, quarters="2023Q4", **facts)
    return rows


def test_p_is_adjusted_for_the_family_that_was_named_and_told_of_no_other():
    rows = many()
    alone = of(told(rows, tested=["sex"]), measure="engaged_difference", group="male")[0]
    family = of(told(rows, tested=["sex", "ethnicity"]), measure="engaged_difference")
    assert alone.p is not None
    by_group = by([f for f in family if f.value is not None], "group")
    assert by_group["male"].p >= alone.p
    assert by_group["asian"].p is not None
    others = of(told(rows, tested=["sex"]), cohort="st_giles_engagement_by_ethnicity")
    assert {f.p for f in others if f.measure == "engaged_difference"} == {None}


def test_a_shrunk_share_of_a_small_group_is_drawn_to_the_mean():
    rows = many() + referred("one", session="2024-05-20", sex="other", quarters="2023Q4")
    found = by(of(told(rows), cohort="st_giles_engagement_by_sex"), "measure", "group")
    small = found["engaged_shrunk", "other"]
    assert found["engaged", "other"].value == 1.0
    assert 0.6 < small.value < 0.85
    assert small.low < 0.6


@pytest.mark.parametrize("not_sent", ["st_giles_referrals", "st_giles_referrals/2024Q4"])
def test_without_the_services_return_every_figure_says_so(not_sent):
    assert {f.why_not for f in told(many(9), not_sent=not_sent)} == {"no_return"}


def test_without_a_childrens_return_authority_and_source_are_told_and_the_rest_is_not():
    found = told(many(), not_sent="children")
    assert {f.why_not for f in of(found, cohort="st_giles_engagement_by_sex")} == {"no_return"}
    share = of(found, cohort="st_giles_engagement_by_source", measure="engaged", group="police")[0]
    assert share.of == 60
    assert {f.group for f in of(found, cohort="st_giles_engagement_by_sex")} == set(SEXES)


def test_nobody_and_five_children_give_reasons():
    nobody = engagement.figures(believed(), POSITIVE_FUTURES)
    assert {f.value for f in nobody if f.measure != "lost"} == {None}
    assert all(f.why_not for f in nobody if f.measure != "lost")
    five = told(many(5))
    assert {f.value for f in five if f.measure == "engaged_adjusted"} == {None}
    assert of(five, cohort="st_giles_engagement", measure="engaged")[0].of == 5
