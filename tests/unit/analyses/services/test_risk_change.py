"""Bands at referral and closure: like with like only, and how many were assessed again comes first."""

import pytest

from analyses.services import risk_change
from analyses.services.risk_pairs import Windows, pairs
from analyses.services.service import ST_GILES
from tests.unit.analyses.services.making import assessed, believed, by, case, of

REFERRED, CLOSED = "2023-09-01", "2024-03-01"


def closed(key, **facts):
    return case(key, REFERRED, closed_on=CLOSED, **facts)


def bands(*rows, windows=None, **options):
    found = pairs(believed(*rows, **options), ST_GILES, quarters=8, windows=windows or Windows())
    blank = found.children[["before", "after"]].astype(object)
    return (
        found.children.assign(**blank.where(blank.notna(), None))
        .set_index("child_key")[["before", "after"]]
        .to_dict("index")
    )


def one(*rows, **options):
    return tuple(bands(closed("ann"), *rows, **options)["ann"].values())


def test_the_first_band_is_of_the_assessment_nearest_to_the_referral():
    assert one(assessed("ann", "2023-06-20", "mild"), assessed("ann", "2023-08-20", "moderate")) == (
        "moderate", None,
    )  # fmt: skip
    assert one(assessed("ann", "2023-08-20", "mild"), assessed("ann", "2023-09-05", "moderate")) == (
        "moderate", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2023-05-31", False), ("2023-06-01", True), ("2023-09-15", True), ("2023-09-16", False)],
)
def test_it_is_92_days_old_at_most_or_follows_within_14(day, counts):
    assert (one(assessed("ann", day, "mild"))[0] == "mild") is counts


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2023-11-29", False), ("2023-12-01", True), ("2024-03-29", True), ("2024-03-30", False)],
)
def test_the_second_is_the_last_about_the_closure(day, counts):
    first = assessed("ann", "2023-08-20", "moderate")
    assert (one(first, assessed("ann", day, "mild"))[1] == "mild") is counts


def test_of_two_about_the_closure_the_last_counts():
    rows = [
        assessed("ann", "2023-08-20", "moderate"),
        assessed("ann", "2024-01-20", "significant"),
        assessed("ann", "2024-03-02", "none"),
    ]
    assert one(*rows) == ("moderate", "none")


@pytest.mark.parametrize(
    "other", [{"tool": "seraf"}, {"tool_version": "3"}, {"strand": "sexual"}], ids=str
)
def test_another_tool_version_or_strand_is_no_second_band(other):
    first = assessed("ann", "2023-08-20", "moderate")
    assert one(first, assessed("ann", "2024-02-20", "none", **other)) == ("moderate", None)


def test_one_assessment_does_not_stand_for_both():
    short = case("ann", REFERRED, closed_on="2023-09-20")
    rows = [short, assessed("ann", "2023-09-10", "mild")]
    assert tuple(bands(*rows)["ann"].values()) == ("mild", None)


def test_the_declined_and_those_still_open_are_not_in_the_cohort_and_the_disengaged_are():
    found = bands(
        case("dec", REFERRED, decision="declined"),
        case("opn", REFERRED),
        closed("dis", closure_reason="disengaged"),
        case("new", "2024-12-01", closed_on="2025-03-20"),  # its window is not over
    )
    assert set(found) == {"dis"}


def test_who_was_referred_before_assessments_were_returned_is_counted_and_left_out():
    early = case("ann", "2023-05-01", closed_on="2023-09-01")
    found = risk_change.figures(believed(early, closed("bob")), ST_GILES)
    figures = by(of(found, group="all"), "measure")
    assert figures["too_early"].value == 1
    assert figures["assessed_at_referral"].of == 1


def world(*moves):
    rows = []
    for at, (before, after) in enumerate(moves):
        rows += closed(f"c{at}")
        if before:
            rows += assessed(f"c{at}", "2023-08-20", before)
        if after:
            rows += assessed(f"c{at}", "2024-02-20", after)
    return risk_change.figures(believed(rows), ST_GILES)


def test_completeness_comes_first_then_the_moves_and_their_bounds():
    found = world(
        ("moderate", "mild"), ("moderate", "moderate"), ("mild", None), ("none", None), (None, None),
    )  # fmt: skip
    assert [f.measure for f in found[:2]] == ["assessed_at_referral", "reassessed"]
    figures = by(found, "measure", "group")
    counts = {place: (f.children, f.of) for place, f in figures.items()}
    assert counts["assessed_at_referral", "all"] == (4, 5)
    assert counts["reassessed", "all"] == (2, 4)
    assert counts["reassessed", "moderate"] == (2, 2)
    assert counts["band_pair", "moderate>mild"] == (1, 2)
    assert counts["band_change", "down"] == (1, 2)
    assert counts["lowest_share", "down"] == (1, 4)
    assert counts["highest_share", "down"] == (2, 4)  # nobody goes down from 'none'
    assert counts["highest_share", "up"] == (2, 4)
    assert figures["bowker", "all"].why_not == "too_few_children"
    assert sum(f.children for f in of(found, measure="band_pair")) == 2


def test_every_change_is_monitoring_at_level_two_and_regression_to_the_mean_is_unmet():
    found = world(*[("moderate", "mild")] * 20, *[("moderate", "significant")] * 12)
    for figure in found:
        assert figure.role == "monitoring"
        assert (figure.design_level or 0) <= 2
    for measure in ("band_pair", "band_change", "lowest_share", "bowker", "higher_band_odds_ratio"):
        assert all("regression_to_the_mean" in f.unmet for f in of(found, measure=measure))


def test_with_enough_children_the_tests_and_the_model_say_which_way():
    moves = [("significant", "moderate")] * 12 + [("moderate", "mild")] * 12
    moves += [("mild", "mild")] * 8 + [("mild", "moderate")] * 3 + [("moderate", "significant")] * 3
    figures = by(of(world(*moves), group="all"), "measure")
    # (12 - 3)^2 / 15 twice, for the two pairs of bands between which anybody moved
    assert figures["bowker"].value == pytest.approx(0 + 81 / 15 + 81 / 15)
    ratio = of(world(*moves), measure="higher_band_odds_ratio")[0]
    assert ratio.value < 1
    assert ratio.high < 1
    assert ratio.children == 38
    assert ratio.method == "ordered_logit_clustered"


def test_where_nobody_moved_there_is_nothing_to_test():
    found = of(world(*[("mild", "mild")] * 30), group="all")
    assert by(found, "measure")["bowker"].why_not == "no_variation"
    assert (
        of(world(*[("mild", "mild")] * 30), measure="higher_band_odds_ratio")[0].why_not
        == "no_variation"
    )


@pytest.mark.parametrize(
    "not_sent",
    ["st_giles_referrals", "exploitation_assessments", "exploitation_assessments/2024Q4"],
)
def test_without_a_return_every_figure_says_so(not_sent):
    some = world(("mild", "mild"))
    none = risk_change.figures(believed(closed("ann"), not_sent=not_sent), ST_GILES)
    assert {(f.measure, f.group, f.cohort) for f in none} == {
        (f.measure, f.group, f.cohort) for f in some
    }
    assert {f.why_not for f in none} == {"no_return"}


def test_nobody_closed_gives_reasons_and_no_shares():
    found = risk_change.figures(believed(), ST_GILES)
    assert {f.value for f in found if f.measure != "too_early"} == {None}
    assert all(f.why_not for f in found if f.measure != "too_early")


def test_a_gap_in_the_returns_is_stamped():
    found = risk_change.figures(
        believed(closed("ann"), not_sent="exploitation_assessments/2023Q1"), ST_GILES
    )
    assert all("returns_missing" in f.unmet for f in found)
