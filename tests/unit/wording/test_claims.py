"""The claims: each only where the released figures bear it, and never a word too many."""

from dataclasses import replace
from datetime import date

import pytest

from evaluation.language import Text
from evaluation.nouns import Figure, Release
from evaluation.quarters import Quarter
from evaluation.wording import can_and_cannot, for_100_children, say

OUTCOME, PHRASE = Text("Going missing again"), Text("missing episodes")


def figure(**changes):
    return replace(
        Figure(
            section="re_missing", measure="rate_ratio", group="contrast", cohort="discussed",
            outcome="re_missing", days=182, unit="children", children=150, of=None, events=None,
            value=0.78, low=0.62, high=0.97, confidence=0.95, method="", design_level=3,
            unmet=("unmeasured_confounding",), role="primary", withheld=None, why_not=None,
        ),
        **changes,
    )  # fmt: skip


def release(quarter="2024Q4"):
    return Release(
        body="gwent", quarter=Quarter.parse(quarter), snapshot="s", plan="p",
        claim_quarter=Quarter(2024, 4), policy={}, versions={}, made_on=date(2025, 4, 30), figures=(),
    )  # fmt: skip


def claim(ratio, quarter="2024Q4", **others):
    return say(ratio, outcome=OUTCOME, phrase=PHRASE, release=release(quarter), **others)


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [
        (0.62, 0.97, "fewer"),
        (1.1, 1.9, "more"),
        (0.7, 1.2, "inconclusive"),
        (0.7, 1.0, "inconclusive"),
        (1.0, 1.4, "inconclusive"),
    ],
)
def test_a_claim_is_what_the_released_interval_says(low, high, kind):
    assert claim(figure(low=low, high=high)).kind == kind


@pytest.mark.parametrize(
    ("ratio", "per_100", "kind"),
    [
        ((0.52, 1.0), (-72.0, -0.42), "fewer"),
        ((0.52, 1.0), (-72.0, 0.3), "inconclusive"),
        ((1.0, 1.9), (2.1, 96.0), "more"),
        ((1.0, 1.9), (-0.2, 96.0), "inconclusive"),
    ],
)
def test_a_limit_that_rounding_puts_on_1_lies_where_the_result_for_100_children_lies(
    ratio, per_100, kind
):
    """Or 1.04 would be no evidence of more where 0.994 is evidence of fewer."""
    low, high = per_100
    said = claim(
        figure(low=ratio[0], high=ratio[1]),
        per_100=figure(
            measure="episodes_per_100_children", value=(low + high) / 2, low=low, high=high
        ),
    )
    assert said.kind == kind


def test_a_claim_gives_the_interval_the_result_for_100_children_and_the_sizes_of_the_groups():
    said = claim(
        figure(),
        per_100=figure(measure="episodes_per_100_children", value=-34.0, low=-71.0, high=-0.51),
        arms=(figure(children=60), figure(children=90)),
    )
    assert str(said.headline) == (
        "Going missing again: there is evidence of fewer missing episodes among children referred, "
        "in the 182 days after."
    )
    assert [str(sentence) for sentence in said.sentences] == [
        (
            "Rate ratio: 0.78 (95% confidence interval 0.62 to 0.97). Below 1 means fewer missing episodes "
            "for each day at risk than in the comparison group; above 1 means more."
        ),
        (
            "For every 100 children referred, over 182 days: 34 fewer missing episodes than in the "
            "comparison group; the interval runs from 0.51 to 71 fewer."
        ),
        "Number of children referred: 60. In the comparison group: 90.",
    ]


def test_inconclusive_is_never_passed_off_as_no_effect():
    said = claim(figure(low=0.7, high=1.2))
    assert "does not mean that the service has no effect" in str(said.sentences[0])


@pytest.mark.parametrize("quarter", ["2024Q3", "2025Q1"])
def test_in_any_quarter_but_the_plan_s_the_figures_are_interim(quarter):
    said = claim(figure(), quarter)
    assert said.kind == "interim"
    assert "interim, no claim" in str(said.headline)
    assert "January to March 2025" in str(said.sentences[0])
    assert "0.78" in str(said.sentences[1])


@pytest.mark.parametrize(
    "change",
    [
        {"role": "monitoring", "design_level": 2},
        {"role": "secondary"},
        {"design_level": 2},
        {"design_level": None},
    ],
)
def test_only_the_primary_comparison_may_carry_a_claim(change):
    assert claim(figure(**change)).kind == "monitoring"


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (None, "holds no figure"),
        (figure(value=None, low=None, high=None, why_not="no_comparison"), "cannot be estimated, because there is no group to compare with"),
        (figure(value=None, low=None, high=None, withheld="small_arm"), "withheld, because one side of the comparison comes from too few children"),
        (figure(low=None), "holds no figure with an interval"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("quarter", ["2024Q4", "2024Q3"])
def test_without_a_figure_there_is_no_claim_but_a_reason(ratio, words, quarter):
    said = claim(ratio, quarter)
    assert said.kind == "not_estimable"
    assert words in str(said.headline)


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (-34.0, -71.0, 5.2, "34 fewer missing episodes than in the comparison group; the interval runs from 71 fewer to 5.2 more"),
        (12.0, -5.0, 30.0, "12 more missing episodes than in the comparison group; the interval runs from 5.0 fewer to 30 more"),
        (12.0, 2.0, 30.0, "12 more missing episodes than in the comparison group; the interval runs from 2.0 to 30 more"),
    ],
)  # fmt: skip
def test_the_result_for_100_children_says_fewer_and_more_at_the_right_ends(value, low, high, words):
    assert words in str(for_100_children(figure(value=value, low=low, high=high), PHRASE))


def test_the_panel_names_every_assumption_that_is_not_met():
    limits = can_and_cannot(figure(unmet=("crossing_over", "time_away_not_removed")))
    assert any("Level 3 of 5" in str(text) for text in limits.can)
    assert "is the cause" in str(limits.cannot[0])
    assert ["referred later" in str(text) for text in limits.weakened_by] == [True, False]
    assert "Time away from home" in str(limits.weakened_by[1])


def test_without_a_figure_the_panel_says_that_nothing_is_known():
    for nothing in (None, figure(value=None)):
        limits = can_and_cannot(nothing)
        assert "Nothing yet" in str(limits.can[0])
        assert "not a figure of zero" in str(limits.cannot[0])
